import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { samplingRanges } from '../../../shared/lib/sampling.ts'
import type { SamplingNumberName } from '../../../shared/lib/sampling.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { Slider } from '../../components/slider.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'
import { SamplingFieldHead } from './sampling-field-head.tsx'
import type { SamplingFieldProps } from './sampling-field-head.tsx'

interface SamplingNumberFieldProps extends SamplingFieldProps<number | null> {
  name: SamplingNumberName
}

export function SamplingNumberField({ name, value, source, onChange }: SamplingNumberFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const { min, max, step, nullable } = samplingRanges[name]
  const label = t(`sampling.name.${name}`)
  const range = t('sampling.range', { min: formatNumber(min, 2), max: formatNumber(max, 2) })

  function setNumber(next: number | null) {
    if (next !== null || nullable) onChange(next)
  }
  return (
    <div>
      <SamplingFieldHead id={id} label={label} source={source} onReset={() => onChange(undefined)}>
        <NumberInput
          id={id}
          label={label}
          value={value}
          min={min}
          max={max}
          step={step}
          emptyText={nullable ? t(`sampling.empty.${name as 'maxTokens' | 'seed' | 'dryLastTokens'}`) : undefined}
          describedBy={`${id}-hint`}
          className={nullable ? 'w-28' : 'w-16'}
          onValueChange={setNumber}
        />
      </SamplingFieldHead>
      {value !== null && !nullable && (
        <Slider label={label} value={value} min={min} max={max} step={step} onValueChange={setNumber} />
      )}
      <p id={`${id}-hint`} className="pt-0.5 text-small text-secondary">
        {t('sampling.hintAndRange', { hint: t(`sampling.hint.${name}`), range })}
      </p>
    </div>
  )
}
