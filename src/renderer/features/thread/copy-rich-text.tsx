import { ClipboardType } from 'lucide-react'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { MenuItem } from '../../components/menu.tsx'
import { showToast } from '../../lib/toast-store.ts'
import { withoutReasoning } from './markdown/split-reasoning.ts'

/** Copies an answer with its formatting, and as Markdown for what takes plain text only. Says so when it has. */
export async function copyRichText(markdown: string): Promise<void> {
  const html = import('./rich-text.ts').then(({ toRichText }) => new Blob([toRichText(markdown)], { type: 'text/html' }))
  const plain = new Blob([withoutReasoning(markdown)], { type: 'text/plain' })
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'text/html': html, 'text/plain': plain })])
    showToast({ text: i18next.t('common.copied') })
  } catch {
    showToast({ failure: true, text: i18next.t('common.copyFailed') })
  }
}

/** For the menu of an answer. */
export function CopyRichTextItem({ text }: { text: string }) {
  const { t } = useTranslation()
  return (
    <MenuItem icon={ClipboardType} onSelect={() => void copyRichText(text)}>
      {t('reading.copyRichText')}
    </MenuItem>
  )
}
