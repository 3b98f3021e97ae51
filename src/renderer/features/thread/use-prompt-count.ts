import { useEffect, useState } from 'react'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import type { Chat } from '../../../shared/contract/chats.ts'
import type { PromptCount } from '../../../shared/contract/generation.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { client } from '../../lib/client.ts'
import { useSettings } from '../../lib/settings-store.ts'

interface Question {
  chatId: string | null
  parentId: string | null
  text: string
  attachments?: readonly Attachment[]
  /** Changes with whatever else the count depends on; null while there is no engine free to count. */
  basis: string | null
}

const restMs = 300

/** Tokens the prompt would have with this text; null while nobody can count. Counted a moment after the last change. */
export function usePromptCount({ chatId, parentId, text, attachments = [], basis }: Question): PromptCount | null {
  const [count, setCount] = useState<PromptCount | null>(null)
  const attached = JSON.stringify(attachments)
  useEffect(() => {
    if (chatId === null || basis === null) return
    const leaving = new AbortController()
    const { signal } = leaving
    const timer = setTimeout(() => {
      void client.generation
        .countPrompt({ chatId, parentId, text, attachments: JSON.parse(attached) as Attachment[] }, { signal })
        // Where counting fails, sending will say why.
        .catch(() => null)
        .then((counted) => !signal.aborted && setCount(counted))
    }, restMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [chatId, parentId, text, attached, basis])
  return basis === null ? null : count
}

/** What a count depends on besides its text; null while the model is not loaded, or is writing. */
export function useCountBasis(chat: Chat | null, model: Model | null, load: LoadState, running: boolean): string | null {
  const settings = useSettings((state) => state.settings)
  if (load.state !== 'ready' || running) return null
  const { systemPrompt, presetId, folderId, contextPolicy, sampling } = chat ?? {}
  return JSON.stringify([
    model?.id,
    load.runtime.contextSize,
    load.runtime.template,
    systemPrompt,
    presetId,
    folderId,
    contextPolicy ?? settings?.contextPolicy,
    sampling?.maxTokens,
    model && settings?.modelPresets[model.id],
  ])
}
