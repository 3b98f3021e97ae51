import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SamplingFieldHead } from './sampling-field-head.tsx'
import type { SamplingFieldProps } from './sampling-field-head.tsx'
import { readStopTexts, writeStopTexts } from '../../lib/stop-texts.ts'

/** One stop text a line. What is typed stays as typed until the field is left. */
export function StopTextsField({ value, source, onChange }: SamplingFieldProps<string[]>) {
  const { t } = useTranslation()
  const id = useId()
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <div>
      <SamplingFieldHead
        id={id}
        label={t('sampling.name.stopTexts')}
        source={source}
        onReset={() => {
          setTyped(null)
          onChange(undefined)
        }}
      />
      <textarea
        id={id}
        rows={2}
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        value={typed ?? writeStopTexts(value)}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(readStopTexts(event.target.value))
        }}
        onBlur={() => setTyped(null)}
        className="field-sizing-content max-h-40 min-h-12 w-full resize-none rounded-control border border-line bg-page
          px-2.5 py-1.5 font-mono outline-none focus:border-accent"
      />
      <p id={`${id}-hint`} className="pt-0.5 text-small text-secondary">
        {t('sampling.hint.stopTexts')}
      </p>
    </div>
  )
}
