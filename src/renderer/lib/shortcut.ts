import { useEffect, useRef } from 'react'

const isMac = navigator.platform.startsWith('Mac')

/** As the keyboard of this system writes it: `⌘B` or `Ctrl+B`; `shift` puts `⇧` or `Shift+` in. */
export function shortcutLabel(key: string, { shift = false } = {}): string {
  return isMac ? `${shift ? '⇧' : ''}⌘${key}` : `Ctrl+${shift ? 'Shift+' : ''}${key}`
}

/** Runs `handlers[key]` on Ctrl (on a Mac: Cmd) with that key, wherever the focus is. Keys in lower case, `shift+f` with Shift. */
export function useShortcuts(handlers: Record<string, () => void>): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const command = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
      if (!command || event.altKey) return
      const handler = latest.current[`${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}`]
      if (!handler) return
      event.preventDefault()
      handler()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
