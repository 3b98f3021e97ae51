/** The settings as the host has them, and what follows from them for the whole page: language and theme. */
import { create } from 'zustand'
import type { Settings } from '../../shared/contract/settings.ts'
import { client } from './client.ts'
import { follow } from './follow.ts'
import { setLanguage } from './i18n/i18n.ts'
import { showFailure } from './show-failure.ts'

/** null until the host has told them. */
export const useSettings = create<{ settings: Settings | null }>(() => ({ settings: null }))

function apply(settings: Settings) {
  useSettings.setState({ settings })
  setLanguage(settings.language)
  if (settings.theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = settings.theme
}

export function followSettings(signal: AbortSignal): Promise<void> {
  return follow((signal) => client.settings.watch(undefined, { signal }), apply, signal)
}

/** Applies at once and saves; a failure to save is shown and leaves the window as it is. */
export async function updateSettings(changes: Partial<Settings>): Promise<void> {
  const { settings } = useSettings.getState()
  if (settings) apply({ ...settings, ...changes })
  await client.settings.update(changes).catch(showFailure)
}
