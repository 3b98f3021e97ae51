import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PromptVersion } from '../../../shared/contract/presets.ts'
import { promptVariableNames } from '../../../shared/lib/prompt-variables.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { useTokenCount } from './use-token-count.ts'

/** Whose system prompt it is. */
export interface PromptOwner {
  type: 'chat' | 'folder' | 'preset'
  id: string
}

/** The contract takes no more. */
export const maxPromptLength = 200_000

interface SystemPromptDialogProps {
  owner: PromptOwner
  chatId: string | null
  text: string
  onChange: (text: string) => void
  onClose: () => void
}

/** Room to write a system prompt: variables, its length in tokens, and its earlier versions. */
export function SystemPromptDialog({ owner, chatId, text, onChange, onClose }: SystemPromptDialogProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLTextAreaElement>(null)
  const tokens = useTokenCount(chatId, text)

  function insert(variable: string) {
    const area = field.current
    if (!area) return
    area.focus()
    area.setRangeText(`{{${variable}}}`, area.selectionStart, area.selectionEnd, 'end')
    onChange(area.value)
  }
  return (
    <Dialog open onClose={onClose} title={t('presets.prompt.systemPrompt')} wide>
      <div className="flex h-full min-h-80 gap-5 max-[45rem]:flex-col">
        <div className="flex min-w-0 flex-1 flex-col gap-2">
          <div className="flex flex-wrap items-center gap-1.5">
            <span className="text-secondary">{t('presets.prompt.insert')}</span>
            {promptVariableNames.map((name) => (
              <Button key={name} className="h-7!" title={`{{${name}}}`} onClick={() => insert(name)}>
                {t(`presets.prompt.variable.${name}`)}
              </Button>
            ))}
            <span aria-live="polite" className="ms-auto text-small text-secondary tabular-nums">
              {tokens === null
                ? t('presets.prompt.characters', { count: text.length })
                : t('presets.prompt.tokens', { count: tokens })}
            </span>
          </div>
          <textarea
            ref={field}
            autoFocus
            aria-label={t('presets.prompt.systemPrompt')}
            maxLength={maxPromptLength}
            value={text}
            onChange={(event) => onChange(event.target.value)}
            className="min-h-60 w-full flex-1 resize-none rounded-control border border-line bg-page px-3 py-2 text-reading
              leading-relaxed outline-none focus:border-accent"
          />
          <p className="text-small text-secondary">{t('presets.prompt.variableHint')}</p>
        </div>
        <Versions owner={owner} text={text} onRestore={onChange} />
      </div>
    </Dialog>
  )
}

interface VersionsProps {
  owner: PromptOwner
  text: string
  onRestore: (text: string) => void
}

function Versions({ owner, text, onRestore }: VersionsProps) {
  const { t, i18n } = useTranslation()
  const [versions, setVersions] = useState<PromptVersion[]>([])
  useEffect(() => {
    const leaving = new AbortController()
    client.presets
      .promptVersions({ owner: owner.type, ownerId: owner.id }, { signal: leaving.signal })
      .then(setVersions)
      .catch((error: unknown) => leaving.signal.aborted || showFailure(error))
    return () => leaving.abort()
  }, [owner.type, owner.id])

  function restore(version: PromptVersion) {
    // The host keeps one version for a burst of changes; what stands here now may be younger.
    const isKept = text === '' || versions.some((kept) => kept.text === text)
    if (!isKept) setVersions([versionNow(text), ...versions])
    onRestore(version.text)
  }
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <section className="flex w-64 shrink-0 flex-col max-[45rem]:w-full">
      <h3 className="pb-2 font-semibold">{t('presets.prompt.versions')}</h3>
      {versions.length === 0 && <p className="text-secondary">{t('presets.prompt.noVersions')}</p>}
      <ul className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto">
        {versions.map((version) => (
          <li key={version.id} className="border-t border-line pt-2">
            <div className="flex items-center gap-2">
              <time className="min-w-0 flex-1 text-small text-secondary">{time.format(version.savedAt)}</time>
              <Button className="h-7!" look="quiet" onClick={() => restore(version)}>
                {t('presets.prompt.restore')}
              </Button>
            </div>
            <p className="line-clamp-4 wrap-anywhere whitespace-pre-wrap" title={version.text}>
              {version.text}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function versionNow(text: string): PromptVersion {
  return { id: text, text, savedAt: Date.now() }
}
