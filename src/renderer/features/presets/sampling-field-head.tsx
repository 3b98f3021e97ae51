import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ValueSource } from '../../../shared/lib/chat-values.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { valueSourceText } from './value-source-text.ts'

/** One value for its control. */
export interface SamplingFieldProps<Value> {
  value: Value
  /** Where it comes from; null = it is set here. */
  source: ValueSource | null
  /** undefined = not set here any more. */
  onChange: (value: Value | undefined) => void
}

interface SamplingFieldHeadProps {
  id: string
  label: string
  /** null = it is set here, and can be reset. */
  source: ValueSource | null
  onReset: () => void
  /** The control, where it fits beside the label. */
  children?: ReactNode
}

/** The name of a value, its control, and below them where the value comes from. */
export function SamplingFieldHead({ id, label, source, onReset, children }: SamplingFieldHeadProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className="flex min-h-7 items-center gap-1">
        <label htmlFor={id} className="min-w-0 flex-1 truncate">
          {label}
        </label>
        {source === null && (
          <IconButton label={t('common.resetOf', { name: label })} icon={RotateCcw} onClick={onReset} />
        )}
        {children}
      </div>
      {source !== null && source.level !== 'app' && (
        <p className="text-small text-secondary">{valueSourceText(t, source)}</p>
      )}
    </>
  )
}
