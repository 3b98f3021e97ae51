import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'

interface TextListProps {
  label: string
  hint: string
  placeholder: string
  values: string[]
  /** What is wrong with a value that is to be added; null = nothing. */
  problemOf: (text: string) => string | null
  onValuesChange: (values: string[]) => void
}

/** A few short texts, each of which can be taken away, and a field to add one. */
export function TextList({ label, hint, placeholder, values, problemOf, onValuesChange }: TextListProps) {
  const { t } = useTranslation()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)

  function add() {
    const text = typed.trim().replace(/\/+$/, '').toLowerCase()
    if (text === '') return
    const found = problemOf(text)
    setProblem(found)
    if (found !== null) return
    if (!values.includes(text)) onValuesChange([...values, text])
    setTyped('')
  }
  const keys = useTextInputKeys({ onSubmit: add })
  return (
    <div className="flex flex-col gap-2 py-2.5">
      <div>
        <label htmlFor={id}>{label}</label>
        <p id={`${id}-hint`} className="text-small text-secondary">
          {hint}
        </p>
      </div>
      {values.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {values.map((value) => (
            <li key={value} className="flex items-center gap-1 rounded-small bg-raised ps-2">
              <span className="font-mono break-all">{value}</span>
              <IconButton
                label={t('server.takeAway', { name: value })}
                icon={X}
                onClick={() => onValuesChange(values.filter((other) => other !== value))}
              />
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-2">
        <input
          id={id}
          value={typed}
          placeholder={placeholder}
          onChange={(event) => {
            setTyped(event.target.value)
            setProblem(null)
          }}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : `${id}-hint`}
          autoComplete="off"
          spellCheck={false}
          className="h-8 min-w-0 flex-1 rounded-control border border-line bg-page px-2.5 font-mono outline-none
            focus:border-accent aria-invalid:border-danger"
          {...keys}
        />
        <Button onClick={add} disabled={typed.trim() === ''}>
          <Plus aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
          {t('server.add')}
        </Button>
      </div>
      {problem && (
        <p id={`${id}-problem`} role="alert" className="text-small">
          {problem}
        </p>
      )}
    </div>
  )
}
