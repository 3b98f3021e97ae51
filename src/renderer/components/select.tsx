import { ChevronDown } from 'lucide-react'

interface SelectProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onValueChange: (value: Value) => void
  className?: string
}

/** One of many: the system's own list. Its label is only spoken; the text beside it is the caller's. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  return (
    <span className={`relative inline-flex ${props.className ?? ''}`}>
      <select
        aria-label={props.label}
        value={props.value}
        onChange={(event) => props.onValueChange(event.target.value as Value)}
        className="h-8 w-full appearance-none truncate rounded-control border border-line bg-page ps-2.5 pe-7 outline-none
          hover:bg-hover focus-visible:border-accent"
      >
        {props.options.map(({ value, label }) => (
          <option key={value} value={value} className="bg-float text-text">
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute end-2 top-2 size-4 text-secondary"
        strokeWidth={1.75}
      />
    </span>
  )
}
