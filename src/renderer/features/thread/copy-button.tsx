import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'
import { showToast } from '../../lib/toast-store.ts'

const confirmedMs = 1500

/** Copies a text and says so in its own place. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), confirmedMs)
    return () => clearTimeout(timer)
  }, [copied])

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      showToast({ failure: true, text: t('thread.copyFailed') })
    }
  }

  return (
    <IconButton
      label={copied ? t('thread.copied') : label}
      icon={copied ? Check : Copy}
      onClick={() => void copy()}
    />
  )
}
