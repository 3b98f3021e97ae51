import { RotateCcw } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { samplingNames, samplingRanges } from '../../../shared/lib/sampling.ts'
import type { SamplingName, SamplingOverrides } from '../../../shared/lib/sampling.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { NumberInput } from '../../components/number-input.tsx'
import { Slider } from '../../components/slider.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'

interface SamplingEditorProps {
  overrides: SamplingOverrides
  onSave: (overrides: SamplingOverrides) => Promise<void>
}

/** Every sampling value of the chat. What is not set here follows the default. */
export function SamplingEditor({ overrides, onSave }: SamplingEditorProps) {
  const { value, change, flush } = useSavedEdit(overrides, onSave)

  function set(name: SamplingName, next: number | null | undefined) {
    const { [name]: _, ...others } = value
    change(next === undefined ? others : { ...others, [name]: next })
  }
  return (
    <div className="flex flex-col gap-5 pt-1" onBlur={flush}>
      {samplingNames.map((name) => (
        <SamplingField key={name} name={name} value={value[name]} onChange={(next) => set(name, next)} />
      ))}
    </div>
  )
}

interface SamplingFieldProps {
  name: SamplingName
  /** undefined = the default. */
  value: number | null | undefined
  onChange: (value: number | null | undefined) => void
}

function SamplingField({ name, value, onChange }: SamplingFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const { default: defaultValue, min, max, step, nullable } = samplingRanges[name]
  const shown = value === undefined ? defaultValue : value
  const label = t(`inspector.${name}`)
  const emptyText = nullable ? t(`inspector.${name as 'maxTokens' | 'seed'}Empty`) : undefined
  const range = t('inspector.range', {
    min: formatNumber(min, 2),
    max: formatNumber(max, 2),
    default: defaultValue === null ? emptyText : formatNumber(defaultValue, 2),
  })

  function setNumber(next: number | null) {
    if (next === null && !nullable) return
    onChange(next === defaultValue ? undefined : next)
  }
  return (
    <div>
      <div className="flex items-center gap-1">
        <label htmlFor={id} className="min-w-0 flex-1 truncate">
          {label}
        </label>
        {value !== undefined && (
          <IconButton
            label={t('inspector.resetOf', { name: label })}
            icon={RotateCcw}
            onClick={() => onChange(undefined)}
          />
        )}
        <NumberInput
          id={id}
          label={label}
          value={shown}
          min={min}
          max={max}
          step={step}
          emptyText={emptyText}
          describedBy={`${id}-hint`}
          className={nullable ? 'w-28' : 'w-16'}
          onValueChange={setNumber}
        />
      </div>
      {shown !== null && !nullable && (
        <Slider label={label} value={shown} min={min} max={max} step={step} onValueChange={setNumber} />
      )}
      <p id={`${id}-hint`} className="pt-0.5 text-small text-secondary">
        {t('inspector.hintAndRange', { hint: t(`inspector.${name}Hint`), range })}
      </p>
    </div>
  )
}
