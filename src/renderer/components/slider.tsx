import { Slider as Radix } from 'radix-ui'

interface SliderProps {
  label: string
  value: number
  min: number
  max: number
  step: number
  onValueChange: (value: number) => void
}

/** A number chosen by dragging or with the arrow keys. */
export function Slider({ label, value, min, max, step, onValueChange }: SliderProps) {
  return (
    <Radix.Root
      value={[value]}
      min={min}
      max={max}
      step={step}
      onValueChange={([next]) => next !== undefined && onValueChange(next)}
      className="relative flex h-5 w-full touch-none items-center"
    >
      <Radix.Track className="relative h-0.5 flex-1 rounded-full bg-line">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb aria-label={label} className="block size-3.5 rounded-full border-2 border-accent bg-page" />
    </Radix.Root>
  )
}
