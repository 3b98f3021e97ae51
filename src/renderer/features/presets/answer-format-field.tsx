import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnswerFormat } from '../../../shared/lib/sampling.ts'
import { Select } from '../../components/select.tsx'
import { SamplingFieldHead } from './sampling-field-head.tsx'
import type { SamplingFieldProps } from './sampling-field-head.tsx'

const types = ['text', 'json', 'json-schema', 'grammar'] as const
const exampleSchema = `{
  "type": "object",
  "properties": {
    "name": { "type": "string" }
  }
}`
const exampleGrammar = 'root ::= "yes" | "no"'

/** What the answer has to be, with the schema or the grammar below. */
export function AnswerFormatField({ value, source, onChange }: SamplingFieldProps<AnswerFormat>) {
  const { t } = useTranslation()
  const id = useId()
  const label = t('sampling.name.answerFormat')

  function choose(type: AnswerFormat['type']) {
    if (type === 'json-schema') onChange({ type, schema: exampleSchema })
    else if (type === 'grammar') onChange({ type, source: exampleGrammar })
    else onChange({ type })
  }
  return (
    <div className="flex flex-col gap-1.5">
      <SamplingFieldHead id={id} label={label} source={source} onReset={() => onChange(undefined)}>
        <Select
          label={label}
          className="w-40"
          value={value.type}
          options={types.map((type) => ({ value: type, label: t(`sampling.format.${type}`) }))}
          onValueChange={choose}
        />
      </SamplingFieldHead>
      {value.type === 'json-schema' && (
        <CodeArea
          key="schema"
          label={t('sampling.schema')}
          value={value.schema}
          errorOf={(text) => jsonError(text)}
          onChange={(schema) => onChange({ type: 'json-schema', schema })}
        />
      )}
      {value.type === 'grammar' && (
        <CodeArea
          key="grammar"
          label={t('sampling.grammar')}
          value={value.source}
          errorOf={() => null}
          onChange={(source) => onChange({ type: 'grammar', source })}
        />
      )}
      <p className="text-small text-secondary">{t('sampling.hint.answerFormat')}</p>
    </div>
  )
}

interface CodeAreaProps {
  label: string
  value: string
  /** What is wrong with a text; such a text is not taken. */
  errorOf: (text: string) => string | null
  onChange: (text: string) => void
}

function CodeArea({ label, value, errorOf, onChange }: CodeAreaProps) {
  const { t } = useTranslation()
  const id = useId()
  const [typed, setTyped] = useState(value)
  const error = errorOf(typed)
  return (
    <>
      <textarea
        aria-label={label}
        rows={5}
        spellCheck={false}
        value={typed}
        maxLength={100_000}
        aria-invalid={error !== null || undefined}
        aria-describedby={error !== null ? `${id}-error` : undefined}
        onChange={(event) => {
          setTyped(event.target.value)
          if (errorOf(event.target.value) === null) onChange(event.target.value)
        }}
        className="field-sizing-content max-h-64 min-h-24 w-full resize-none rounded-control border border-line bg-page
          px-2.5 py-1.5 font-mono text-small outline-none focus:border-accent aria-invalid:border-danger"
      />
      {error !== null && (
        <p id={`${id}-error`} role="alert" className="text-small wrap-anywhere">
          {t('sampling.schemaInvalid', { detail: error })}
        </p>
      )}
    </>
  )
}

function jsonError(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
