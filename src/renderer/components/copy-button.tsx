import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './icon-button.tsx'
import { useCopy } from '../lib/use-copy.ts'

interface CopyButtonProps {
  text: string
  label: string
  className?: string
}

/** Copies a text and says so in its own place. */
export function CopyButton({ text, label, className }: CopyButtonProps) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy(text)
  return (
    <IconButton
      label={copied ? t('common.copied') : label}
      icon={copied ? Check : Copy}
      className={className}
      onClick={copy}
    />
  )
}
