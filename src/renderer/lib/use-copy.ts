import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showToast } from './toast-store.ts'

const confirmedMs = 1500

/** Copies a text, or what a function makes when it is wanted; `copied` is true for a moment after it has worked. */
export function useCopy(text: string | (() => string)): { copied: boolean; copy: () => void } {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), confirmedMs)
    return () => clearTimeout(timer)
  }, [copied])

  function copy() {
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setCopied(true),
      () => showToast({ failure: true, text: t('common.copyFailed') }),
    )
  }
  return { copied, copy }
}
