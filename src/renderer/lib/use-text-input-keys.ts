/**
 * The one key handler of every text input. Rule: an Enter or Escape that belongs to an input
 * method never submits or cancels. Three signs are needed, because browsers differ: `isComposing`;
 * key code 229, which Chromium reports while the input method holds the key; and a short time after
 * `compositionend`, because Safari sends the keydown of the ending Enter after it.
 */
import { useRef } from 'react'
import type { KeyboardEvent } from 'react'

const afterCompositionMs = 100

export interface TextInputKeys {
  /** Enter without Shift, Ctrl, Cmd or Alt. */
  onSubmit?: () => void
  /** Escape. */
  onCancel?: () => void
}

/** Props for an `<input>` or `<textarea>`. Keys without a handler do what they always do. */
export function useTextInputKeys({ onSubmit, onCancel }: TextInputKeys) {
  const composition = useRef({ active: false, endedAtMs: -Infinity })

  return {
    onCompositionStart() {
      composition.current.active = true
    },
    onCompositionEnd() {
      composition.current = { active: false, endedAtMs: performance.now() }
    },
    onKeyDown(event: KeyboardEvent) {
      const { active, endedAtMs } = composition.current
      const ofInputMethod =
        active ||
        event.nativeEvent.isComposing ||
        event.keyCode === 229 ||
        performance.now() - endedAtMs < afterCompositionMs
      const handler = event.key === 'Enter' ? onSubmit : event.key === 'Escape' ? onCancel : undefined
      if (!handler) return
      const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey
      if (!plain && event.key === 'Enter') return
      if (!ofInputMethod) {
        event.preventDefault()
        handler()
      } else if (performance.now() - endedAtMs < afterCompositionMs) {
        // The late Enter would break the line.
        event.preventDefault()
      }
    },
  }
}
