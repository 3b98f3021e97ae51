import { RadioGroup } from 'radix-ui'

interface SegmentedFieldProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onValueChange: (value: Value) => void
}

/** One of a few, all in sight. Its label is only spoken; the text beside it is the caller's. */
export function SegmentedField<Value extends string>(props: SegmentedFieldProps<Value>) {
  return (
    <RadioGroup.Root
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onValueChange(value as Value)}
      className="inline-flex flex-wrap gap-0.5 rounded-control border border-line p-0.5"
    >
      {props.options.map(({ value, label }) => (
        <RadioGroup.Item
          key={value}
          value={value}
          className="h-6.5 rounded-small px-3 text-secondary transition-colors hover:text-text
            data-[state=checked]:bg-chosen data-[state=checked]:text-text"
        >
          {label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
