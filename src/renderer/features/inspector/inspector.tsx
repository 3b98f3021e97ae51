import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { ModelFacts } from './model-facts.tsx'

export interface InspectorProps {
  /** Of the open chat; null where there is none. A text that is only continued has no system prompt. */
  preset: ReactNode
  systemPrompt: ReactNode
  sampling: ReactNode
  /** How the model is loaded; null without a model. */
  loadSettings: ReactNode
  model: Model | null
  load: LoadState
}

/** What the open chat runs with: preset, instructions, sampling, and the model behind it. */
export function Inspector({ preset, systemPrompt, sampling, loadSettings, model, load }: InspectorProps) {
  const { t } = useTranslation()
  return (
    <div className="min-h-0 flex-1 divide-y divide-line overflow-y-auto">
      {preset && <Section title={t('presets.preset')}>{preset}</Section>}
      {systemPrompt && <Section title={t('inspector.systemPrompt')}>{systemPrompt}</Section>}
      {sampling && <Section title={t('sampling.sampling')}>{sampling}</Section>}
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
