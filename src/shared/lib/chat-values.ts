/**
 * Which system prompt and sampling values count for a chat, and where each comes from. One function for
 * core, which uses them, and the window, which shows them. The first of these that says something wins:
 * the chat, the chat's preset, its folder and that folder's preset, the folders above, the model's
 * preset, the model's family, the app.
 */
import type { Chat } from '../contract/chats.ts'
import type { Folder } from '../contract/folders.ts'
import type { Model } from '../contract/models.ts'
import type { Preset } from '../contract/presets.ts'
import { familySampling } from './family-sampling.ts'
import { defaultSampling, samplingNames } from './sampling.ts'
import type { Sampling, SamplingName, SamplingOverrides } from './sampling.ts'

export interface ValueSource {
  level: 'chat' | 'folder' | 'model' | 'app'
  /** Of the folder or the model; empty for the others. */
  name: string
  /** The preset through which the level says it; null = it says so itself. */
  presetName: string | null
}

export interface ChatValues {
  /** Empty = none. Variables are not filled in. */
  systemPrompt: { value: string; source: ValueSource }
  sampling: { [Name in SamplingName]: { value: Sampling[Name]; source: ValueSource } }
}

export interface ChatValueLevels {
  chat: Pick<Chat, 'systemPrompt' | 'sampling' | 'presetId'>
  /** The chat's folder first, then those above it. */
  folders: readonly Pick<Folder, 'name' | 'systemPrompt' | 'sampling' | 'presetId'>[]
  model: Pick<Model, 'name' | 'fileName' | 'repository' | 'architecture' | 'vocabularySize'> | null
  /** The model's preset. */
  modelPresetId: string | null
  presets: readonly Pick<Preset, 'id' | 'name' | 'systemPrompt' | 'sampling'>[]
}

interface Layer {
  source: ValueSource
  systemPrompt: string | null
  sampling: SamplingOverrides
}

export function chatValues(levels: ChatValueLevels): ChatValues {
  const layers = layersOf(levels)
  const promptLayer = layers.find(({ systemPrompt }) => systemPrompt !== null)!
  const sampling = samplingNames.map((name) => {
    const layer = layers.find((layer) => layer.sampling[name] !== undefined)!
    return [name, { value: layer.sampling[name], source: layer.source }]
  })
  return {
    systemPrompt: { value: promptLayer.systemPrompt!, source: promptLayer.source },
    sampling: Object.fromEntries(sampling) as ChatValues['sampling'],
  }
}

export function samplingOf({ sampling }: ChatValues): Sampling {
  return Object.fromEntries(samplingNames.map((name) => [name, sampling[name].value])) as unknown as Sampling
}

/** A folder and those above it, nearest first. */
export function folderPath<F extends Pick<Folder, 'id' | 'parentId'>>(folders: readonly F[], folderId: string | null): F[] {
  const path: F[] = []
  for (let id = folderId; id !== null; ) {
    const folder = folders.find((folder) => folder.id === id)
    if (!folder || path.includes(folder)) break
    path.push(folder)
    id = folder.parentId
  }
  return path
}

/** The last one says everything. */
function layersOf({ chat, folders, model, modelPresetId, presets }: ChatValueLevels): Layer[] {
  const layers: Layer[] = []
  function add(level: ValueSource['level'], name: string, own: Omit<Layer, 'source'>, presetId: string | null) {
    layers.push({ ...own, source: { level, name, presetName: null } })
    const preset = presets.find(({ id }) => id === presetId)
    if (preset) layers.push({ ...preset, source: { level, name, presetName: preset.name } })
  }
  add('chat', '', chat, chat.presetId)
  for (const folder of folders) add('folder', folder.name, folder, folder.presetId)
  if (model) {
    const preset = presets.find(({ id }) => id === modelPresetId)
    if (preset) layers.push({ ...preset, source: { level: 'model', name: model.name, presetName: preset.name } })
    add('model', model.name, { systemPrompt: null, sampling: familySampling(model) }, null)
  }
  add('app', '', { systemPrompt: '', sampling: defaultSampling }, null)
  return layers
}
