/**
 * A value that is edited here and kept by the host. What was typed stays shown until the host has
 * it, so neither a slow save nor another window's event takes a letter away. It is saved a moment
 * after the last change, on `flush`, when the component goes, and when the page is hidden.
 */
import { useCallback, useEffect, useRef, useState } from 'react'

const restMs = 400

export interface SavedEdit<Value> {
  value: Value
  change: (value: Value) => void
  flush: () => void
}

/** `save` must reject when the value was not kept; it is then tried again with the next change or flush. */
export function useSavedEdit<Value>(saved: Value, save: (value: Value) => Promise<unknown>): SavedEdit<Value> {
  const [edit, setEdit] = useState<{ value: Value } | null>(null)
  const pending = useRef<{ value: Value } | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latestSave = useRef(save)
  useEffect(() => {
    latestSave.current = save
  })

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const saving = pending.current
    if (!saving) return
    pending.current = null
    latestSave.current(saving.value).then(
      () => setEdit((edit) => (edit === saving ? null : edit)),
      () => {
        pending.current ??= saving
      },
    )
  }, [])

  const change = useCallback(
    (value: Value) => {
      const next = { value }
      setEdit(next)
      pending.current = next
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, restMs)
    },
    [flush],
  )

  useEffect(() => {
    window.addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', flush)
      flush()
    }
  }, [flush])

  return { value: edit ? edit.value : saved, change, flush }
}
