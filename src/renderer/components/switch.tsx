import { Switch as Radix } from 'radix-ui'

interface SwitchProps {
  id?: string
  label: string
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  disabled?: boolean
}

/** On or off, counting at once. Its label is only spoken; the text beside it is the caller's. */
export function Switch({ id, label, checked, onCheckedChange, disabled }: SwitchProps) {
  return (
    <Radix.Root
      id={id}
      aria-label={label}
      checked={checked}
      onCheckedChange={onCheckedChange}
      disabled={disabled}
      className="inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-line bg-chosen p-0.5
        transition-colors disabled:opacity-45 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
    >
      <Radix.Thumb
        className="size-3.5 rounded-full bg-secondary transition-[translate,background-color]
          data-[state=checked]:translate-x-4 data-[state=checked]:bg-on-accent"
      />
    </Radix.Root>
  )
}
