/** Which place of the window is shown, and what in it. */
import { create } from 'zustand'
import { newChat } from '../features/chats/index.ts'
import { loadModel } from '../lib/models-store.ts'

export type Place = 'chat' | 'models' | 'server' | 'settings'
export type ModelsTab = 'mine' | 'discover' | 'downloads'

interface ShownPlace {
  place: Place
  modelsTab: ModelsTab
  /** The label of the setting to bring into view; null = the top. */
  settingsTopic: string | null
}

export const usePlace = create<ShownPlace>(() => ({ place: 'chat', modelsTab: 'mine', settingsTopic: null }))

export function goTo(place: Place): void {
  usePlace.setState({ place, settingsTopic: null })
}

export function showModels(modelsTab: ModelsTab): void {
  usePlace.setState({ place: 'models', modelsTab })
}

export function showSetting(settingsTopic: string): void {
  usePlace.setState({ place: 'settings', settingsTopic })
}

/** Loads a model and goes to a new chat with it. A base model continues text there. */
export function chatWith(modelId: string): void {
  goTo('chat')
  void newChat(modelId)
  void loadModel(modelId)
}
