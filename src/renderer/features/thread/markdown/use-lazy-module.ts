import { useSyncExternalStore } from 'react'

/**
 * A hook that loads a module when something on the page first needs it, and gives null until then.
 * After a failure (the host is away) the next component that needs it tries again.
 */
export function lazyModule<Module>(load: () => Promise<Module>): () => Module | null {
  const listeners = new Set<() => void>()
  let loaded: Module | null = null
  let loading: Promise<void> | null = null

  function subscribe(listener: () => void) {
    listeners.add(listener)
    loading ??= load().then(
      (module) => {
        loaded = module
        for (const notify of listeners) notify()
      },
      () => {
        loading = null
      },
    )
    return () => listeners.delete(listener)
  }
  const current = () => loaded
  return () => useSyncExternalStore(subscribe, current, current)
}
