import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'

interface SettingProps {
  label: string
  hint?: string
  /** Set when the value is not the default. */
  onReset?: (() => void) | undefined
  /** The control, at the end of the label's line. */
  control?: ReactNode
  /** Below the label, where the control needs room. */
  children?: ReactNode
}

/** One load setting: its name, a way back to the default, its control, and what it does. */
export function Setting({ label, hint, onReset, control, children }: SettingProps) {
  const { t } = useTranslation()
  return (
    <div>
      <div className="flex min-h-8 items-center gap-1">
        <span className="min-w-0 flex-1">{label}</span>
        {onReset && <IconButton label={t('common.resetOf', { name: label })} icon={RotateCcw} onClick={onReset} />}
        {control}
      </div>
      {children}
      {hint && <p className="pt-0.5 text-small text-secondary">{hint}</p>}
    </div>
  )
}
