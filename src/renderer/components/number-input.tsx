import { useState } from 'react'
import { useTextInputKeys } from '../lib/use-text-input-keys.ts'

interface NumberInputProps {
  id?: string
  label: string
  value: number | null
  min: number
  max: number
  step: number
  /** Stands in the empty field, which then means null. Without it, an empty field keeps the old value. */
  emptyText?: string
  describedBy?: string
  className?: string
  onValueChange: (value: number | null) => void
}

/** Cuts to the range and to the step's decimals, so 0.30000000000000004 never shows. */
function fitted(value: number, { min, max, step }: Pick<NumberInputProps, 'min' | 'max' | 'step'>): number {
  const decimals = String(step).split('.')[1]?.length ?? 0
  return Math.min(max, Math.max(min, Number(value.toFixed(decimals))))
}

/** A number typed by hand: taken on Enter, on leaving and with the arrow keys; Escape brings the old one back. */
export function NumberInput(props: NumberInputProps) {
  const { id, label, value, step, emptyText, describedBy, className = '', onValueChange } = props
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? (value === null ? '' : String(value))

  function take() {
    if (typed === null) return
    const number = Number(typed)
    setTyped(null)
    if (typed.trim() === '') {
      if (emptyText !== undefined) onValueChange(null)
    } else if (Number.isFinite(number)) onValueChange(fitted(number, props))
  }
  const keys = useTextInputKeys({ onSubmit: take, onCancel: () => setTyped(null) })

  return (
    <input
      id={id}
      role="spinbutton"
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      aria-describedby={describedBy}
      aria-valuenow={value ?? undefined}
      aria-valuetext={value === null ? emptyText : undefined}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      placeholder={emptyText}
      value={shown}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={take}
      {...keys}
      onKeyDown={(event) => {
        keys.onKeyDown(event)
        const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
        if (direction === 0) return
        event.preventDefault()
        setTyped(null)
        const from = Number(shown) || 0
        onValueChange(fitted(from + direction * step, props))
      }}
      className={`h-7 rounded-small border border-line bg-page px-2 text-end outline-none focus:border-accent
        ${className}`}
    />
  )
}
