import { useRef, useState } from 'react'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { focusTree, useList } from './list-store.ts'

interface NameFieldProps {
  label: string
  name: string
  onRename: (name: string) => void
}

/** Renames a row in place. Enter and leaving the field keep what was typed, Escape does not. */
export function NameField({ label, name, onRename }: NameFieldProps) {
  const [value, setValue] = useState(name)
  // Removing a focused field makes it lose the focus, which must not end it a second time.
  const ended = useRef(false)
  function end(keep: boolean, byKey: boolean) {
    if (ended.current) return
    ended.current = true
    useList.setState({ renamingKey: null })
    if (keep) onRename(value)
    if (byKey) focusTree()
  }
  const keys = useTextInputKeys({ onSubmit: () => end(true, true), onCancel: () => end(false, true) })
  return (
    <input
      autoFocus
      onFocus={(event) => event.target.select()}
      aria-label={label}
      value={value}
      maxLength={200}
      onChange={(event) => setValue(event.target.value)}
      onBlur={() => end(true, false)}
      {...keys}
      className="h-8 w-full min-w-0 rounded-control border border-accent bg-page px-[7px] outline-none"
    />
  )
}
