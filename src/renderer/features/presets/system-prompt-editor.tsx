import { Maximize2, RotateCcw } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatValues } from '../../../shared/lib/chat-values.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { maxPromptLength, SystemPromptDialog } from './system-prompt-dialog.tsx'
import type { PromptOwner } from './system-prompt-dialog.tsx'
import { valueSourceText } from './value-source-text.ts'

interface SystemPromptEditorProps {
  owner: PromptOwner
  /** The chat whose model counts the tokens. */
  chatId: string | null
  /** What is set here; null = nothing. */
  systemPrompt: string | null
  /** What counts where nothing is set here. */
  inherited: ChatValues['systemPrompt']
  onSave: (systemPrompt: string | null) => Promise<unknown>
}

/** The instructions of a chat, a folder or a preset. Writing into inherited ones makes them one's own. */
export function SystemPromptEditor({ owner, chatId, systemPrompt, inherited, onSave }: SystemPromptEditorProps) {
  const { t } = useTranslation()
  const id = useId()
  const [roomy, setRoomy] = useState(false)
  const { value, change, flush } = useSavedEdit(systemPrompt, onSave)
  const text = value ?? inherited.value
  // Where nothing stands behind it, an empty field says nothing.
  const write = (next: string) => change(next === '' && inherited.value === '' ? null : next)
  return (
    <div className="relative">
      <textarea
        aria-label={t('presets.prompt.systemPrompt')}
        aria-describedby={id}
        placeholder={value === '' ? t('presets.prompt.none') : t('presets.prompt.example')}
        rows={4}
        maxLength={maxPromptLength}
        value={text}
        onChange={(event) => write(event.target.value)}
        onBlur={flush}
        className={`field-sizing-content max-h-80 min-h-21 w-full resize-none rounded-control border border-line bg-page
          px-2.5 py-1.5 leading-relaxed outline-none focus:border-accent ${value === null ? 'text-secondary' : ''}`}
      />
      <div className="flex min-h-7 items-start gap-1 pt-0.5">
        <p id={id} className="min-w-0 flex-1 text-small text-secondary">
          {value === null && text !== '' ? valueSourceText(t, inherited.source) : t('presets.prompt.hint')}
        </p>
        {value !== null && (
          <IconButton label={t('presets.prompt.reset')} icon={RotateCcw} onClick={() => change(null)} />
        )}
        <IconButton label={t('presets.prompt.open')} icon={Maximize2} onClick={() => setRoomy(true)} />
      </div>
      {roomy && (
        <SystemPromptDialog
          owner={owner}
          chatId={chatId}
          text={text}
          onChange={write}
          onClose={() => {
            flush()
            setRoomy(false)
          }}
        />
      )}
    </div>
  )
}
