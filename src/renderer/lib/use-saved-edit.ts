/**
 * A value that is edited here and kept by the host. What was typed stays shown until the host has
 * it, so neither a slow save nor another window's event takes a letter away. It is saved a moment
 * after the last change, on `flush`, when the component goes, and when the page is hidden.
 */
import { useEffect, useState } from 'react'
import { EditSaver } from './edit-saver.ts'
import type { Edit } from './edit-saver.ts'

export interface SavedEdit<Value> {
  value: Value
  change: (value: Value) => void
  flush: () => void
}

/** `save` must reject when the value was not kept, and always mean the same thing: give the component a key. */
export function useSavedEdit<Value>(saved: Value, save: (value: Value) => Promise<unknown>): SavedEdit<Value> {
  const [edit, setEdit] = useState<Edit<Value> | null>(null)
  const [saver] = useState(
    () => new EditSaver(save, (saved: Edit<Value>) => setEdit((edit) => (edit === saved ? null : edit))),
  )

  useEffect(() => {
    const flush = () => saver.flush()
    window.addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', flush)
      flush()
    }
  }, [saver])

  return {
    value: edit ? edit.value : saved,
    change(value) {
      const next = { value }
      setEdit(next)
      saver.change(next)
    },
    flush: () => saver.flush(),
  }
}
