import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { SamplingFieldHead } from './sampling-field-head.tsx'
import type { SamplingFieldProps } from './sampling-field-head.tsx'

export function NegativePromptField({ value, source, onChange }: SamplingFieldProps<string>) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div>
      <SamplingFieldHead
        id={id}
        label={t('sampling.name.negativePrompt')}
        source={source}
        onReset={() => onChange(undefined)}
      />
      <textarea
        id={id}
        rows={2}
        maxLength={200_000}
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="field-sizing-content max-h-40 min-h-12 w-full resize-none rounded-control border border-line bg-page
          px-2.5 py-1.5 outline-none focus:border-accent"
      />
      <p id={`${id}-hint`} className="pt-0.5 text-small text-secondary">
        {t('sampling.hint.negativePrompt')}
      </p>
    </div>
  )
}
