import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/contract/settings.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { Select } from '../../components/select.tsx'
import { useServer } from './server-store.ts'
import { snippetLanguages, snippetTexts } from './snippet-texts.ts'
import type { SnippetLanguage } from './snippet-texts.ts'

const names: Record<SnippetLanguage, string> = {
  curl: 'curl',
  python: 'Python',
  javascript: 'JavaScript',
  langchain: 'LangChain',
  ollama: 'Ollama',
}

/** The shortest program that asks a model, in the person's language of choice. */
export function Snippets({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const server = useServer((state) => state.server)
  const models = useServer((state) => state.models)
  const [language, setLanguage] = useState<SnippetLanguage>('curl')
  const [chosen, setChosen] = useState<string | null>(null)
  const model = models.find(({ name }) => name === chosen) ?? models.find(({ isLoaded }) => isLoaded) ?? models[0]
  if (!model) return null

  const isOn = server.state === 'on'
  const text = snippetTexts[language]({
    url: (isOn && server.urls[0]) || `http://127.0.0.1:${settings.apiServerPort}`,
    model: model.name,
    key: (isOn ? server.needsKey : settings.apiServerNeedsKey) ? t('server.yourKey') : '',
    question: t('server.snippetQuestion'),
  })
  return (
    <section>
      <h2 className="pb-2 font-semibold">{t('server.snippets')}</h2>
      <div className="flex flex-wrap items-center justify-between gap-2 pb-2">
        <SegmentedField
          label={t('server.snippetLanguage')}
          value={language}
          options={snippetLanguages.map((value) => ({ value, label: names[value] }))}
          onValueChange={setLanguage}
        />
        <Select
          label={t('server.model')}
          className="w-64 max-w-full"
          value={model.name}
          options={models.map(({ name }) => ({ value: name, label: name }))}
          onValueChange={setChosen}
        />
      </div>
      <div className="relative rounded-control bg-raised">
        <pre
          tabIndex={0}
          data-selectable
          className="overflow-x-auto py-3 ps-4 pe-12 font-mono text-small leading-relaxed"
        >
          {text}
        </pre>
        <CopyButton text={text} label={t('server.copySnippet')} className="absolute end-1.5 top-1.5" />
      </div>
    </section>
  )
}
