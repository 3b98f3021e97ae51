import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../components/copy-button.tsx'

/** The file's own template, whole. */
export function ChatTemplate({ template }: { template: string | null }) {
  const { t } = useTranslation()
  if (template === null) return <p className="max-w-160 text-secondary">{t('library.noTemplateInFile')}</p>
  return (
    <div className="rounded-control bg-raised">
      <div className="flex items-center justify-between ps-4 pt-1 pe-1.5 text-small text-secondary">
        <span>jinja</span>
        <CopyButton text={template} label={t('library.copyTemplate')} />
      </div>
      <pre tabIndex={0} data-selectable className="overflow-x-auto px-4 pb-3.5 leading-relaxed whitespace-pre-wrap">
        <code>{template}</code>
      </pre>
    </div>
  )
}
