import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../../shared/contract/chats.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import type { SamplingOverrides } from '../../../shared/lib/sampling.ts'
import { ModelFacts } from './model-facts.tsx'
import { SamplingEditor } from './sampling-editor.tsx'
import { SystemPromptEditor } from './system-prompt-editor.tsx'

export interface InspectorProps {
  /** How the model is loaded; null without a model. */
  loadSettings: ReactNode
  chat: Chat | null
  model: Model | null
  load: LoadState
  /** Rejects, after telling the person, when the change was not kept. */
  onSave: (chatId: string, changes: { systemPrompt?: string; sampling?: SamplingOverrides }) => Promise<void>
}

/** What the open chat runs with: instructions, sampling, and the model behind it. */
export function Inspector({ chat, model, load, loadSettings, onSave }: InspectorProps) {
  const { t } = useTranslation()
  return (
    <div className="min-h-0 flex-1 divide-y divide-line overflow-y-auto">
      {chat && (
        <>
          {/* A text that is only continued has none. */}
          {chat.mode === 'chat' && (
            <Section title={t('inspector.systemPrompt')}>
              <SystemPromptEditor
                key={chat.id}
                systemPrompt={chat.systemPrompt}
                onSave={(systemPrompt) => onSave(chat.id, { systemPrompt })}
              />
            </Section>
          )}
          <Section title={t('inspector.sampling')}>
            <SamplingEditor
              key={chat.id}
              overrides={chat.sampling}
              onSave={(sampling) => onSave(chat.id, { sampling })}
            />
          </Section>
        </>
      )}
      {loadSettings && <Section title={t('loadSettings.loadSettings')}>{loadSettings}</Section>}
      {model && (
        <Section title={t('inspector.model')}>
          <ModelFacts model={model} load={load} />
        </Section>
      )}
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="px-4 py-4">
      <h2 className="pb-2 font-semibold">{title}</h2>
      {children}
    </section>
  )
}
