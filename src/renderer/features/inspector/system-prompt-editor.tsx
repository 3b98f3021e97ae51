import { useTranslation } from 'react-i18next'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'

interface SystemPromptEditorProps {
  systemPrompt: string
  onSave: (systemPrompt: string) => Promise<void>
}

const maxLength = 200_000

export function SystemPromptEditor({ systemPrompt, onSave }: SystemPromptEditorProps) {
  const { t } = useTranslation()
  const { value, change, flush } = useSavedEdit(systemPrompt, onSave)
  return (
    <>
      <textarea
        aria-label={t('inspector.systemPrompt')}
        aria-describedby="system-prompt-hint"
        placeholder={t('inspector.systemPromptExample')}
        rows={4}
        maxLength={maxLength}
        value={value}
        onChange={(event) => change(event.target.value)}
        onBlur={flush}
        className="field-sizing-content max-h-80 min-h-21 w-full resize-none rounded-control border border-line bg-page
          px-2.5 py-1.5 leading-relaxed outline-none focus:border-accent"
      />
      <p id="system-prompt-hint" className="pt-1 text-small text-secondary">
        {t('inspector.systemPromptHint')}
      </p>
    </>
  )
}
