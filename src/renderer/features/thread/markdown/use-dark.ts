import { useSyncExternalStore } from 'react'
import { useSettings } from '../../../lib/settings-store.ts'

/** Whether the window is dark now: as the settings say, else as the system is. */
export function useDark(): boolean {
  const theme = useSettings(({ settings }) => settings?.theme ?? 'system')
  const isSystemDark = useSyncExternalStore(
    (notify) => {
      const query = matchMedia('(prefers-color-scheme: dark)')
      query.addEventListener('change', notify)
      return () => query.removeEventListener('change', notify)
    },
    () => matchMedia('(prefers-color-scheme: dark)').matches,
    () => false,
  )
  return theme === 'system' ? isSystemDark : theme === 'dark'
}
