import { ArrowLeft, Ellipsis } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useEffect, useMemo, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu } from '../../components/menu.tsx'
import { client } from '../../lib/client.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatSize } from '../../lib/i18n/format.ts'
import { cancelLoad, hasFailed, loadModel, unloaded, unloadModel, useModels } from '../../lib/models-store.ts'
import { AdapterModels } from './adapter-models.tsx'
import { ChatTemplate } from './chat-template.tsx'
import { DoctorReport } from './doctor-report.tsx'
import { openModel } from './library-store.ts'
import { stateOf } from './list-models.ts'
import { MetadataTable } from './metadata-table.tsx'
import { ModelActions } from './model-actions.tsx'
import { ModelFacts } from './model-facts.tsx'
import { ModelFit } from './model-fit.tsx'
import { StateSign } from './model-signs.tsx'
import { useModelUse } from './model-use.ts'
import { FailureLine } from './page-section.tsx'
import { useAnswer } from './use-answer.ts'

type Tab = 'overview' | 'load' | 'metadata' | 'template'

interface ModelPageProps {
  model: Model
  renderLoadSettings?: (model: Model, load: LoadState) => ReactNode
}

/** All about one model, in the place of the table. */
export function ModelPage({ model, renderLoadSettings }: ModelPageProps) {
  const { t } = useTranslation()
  const load = useModels(({ loads }) => loads[model.id] ?? unloaded)
  const models = useModels((state) => state.models)
  const sameFiles = useMemo(
    () =>
      [...(models?.values() ?? [])].filter(
        ({ id, sha256 }) => sha256 !== null && sha256 === model.sha256 && id !== model.id,
      ),
    [models, model],
  )
  const { answer: details, failure } = useAnswer(`${model.path} ${model.isPresent}`, (signal) =>
    client.models.details({ modelId: model.id }, { signal }),
  )
  const isModel = model.type === 'model'
  const tabs: Tab[] = [
    'overview',
    ...(isModel && renderLoadSettings ? (['load'] as const) : []),
    'metadata',
    ...(isModel ? (['template'] as const) : []),
  ]
  const detailed = failure ? (
    <FailureLine failure={failure} />
  ) : (
    <p className="text-secondary">{t('library.reading')}</p>
  )
  const content: Record<Tab, () => ReactNode> = {
    overview: () => (
      <div className="grid gap-x-12 gap-y-6 @min-[56rem]:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          {isModel ? (
            <>
              <ModelFit model={model} load={load} />
              <DoctorReport model={model} load={load} />
            </>
          ) : (
            <AdapterModels adapter={model} />
          )}
        </div>
        <ModelFacts model={model} paths={details?.paths ?? [model.path]} sameFiles={sameFiles} />
      </div>
    ),
    load: () => <div className="max-w-160">{renderLoadSettings?.(model, load)}</div>,
    metadata: () => (details ? <MetadataTable details={details} /> : detailed),
    template: () => (details ? <ChatTemplate template={details.chatTemplate} /> : detailed),
  }
  return (
    <main className="relative flex min-w-0 flex-1 flex-col overflow-x-hidden overflow-y-auto">
      <PageHead model={model} load={load} />
      <Tabs.Root defaultValue="overview" className="flex min-h-60 flex-1 flex-col">
        <Tabs.List aria-label={model.name} className="flex flex-wrap gap-x-4 border-b border-line px-4">
          {tabs.map((tab) => (
            <Tabs.Trigger
              key={tab}
              value={tab}
              className="h-9 border-b-2 border-transparent px-1 text-secondary transition-colors hover:text-text
                data-[state=active]:border-accent data-[state=active]:text-text"
            >
              {t(`library.tab.${tab}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {tabs.map((tab) => (
          <Tabs.Content key={tab} value={tab} className="relative min-h-48 flex-1 overflow-y-auto outline-none">
            <div className="@container max-w-320 px-5 pt-4 pb-10">{content[tab]()}</div>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </main>
  )
}

function PageHead({ model, load }: { model: Model; load: LoadState }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { onChat, onComplete } = useModelUse()
  const facts = [
    formatSize(model.sizeBytes),
    model.quantization,
    model.architecture,
    t(`library.kind.${model.type === 'adapter' ? 'adapter' : model.kind}`),
  ]
  return (
    <div className="flex max-w-320 flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2">
      <div className="flex min-w-60 flex-1 items-start gap-1">
        <IconButton label={t('library.back')} icon={ArrowLeft} onClick={() => openModel(null)} />
        <div className="min-w-0 flex-1">
          <h2
            ref={heading}
            tabIndex={-1}
            className="text-heading font-semibold wrap-anywhere outline-none"
            data-selectable
          >
            {model.name}
          </h2>
          <p className="flex flex-wrap items-center gap-x-3 text-small text-secondary">
            {facts.filter(Boolean).join(' · ')}
          </p>
          {stateOf(model, load) === 'missing' && <p className="pt-1">{t('library.missingFile')}</p>}
          {hasFailed(load) && <p className="pt-1 wrap-anywhere">{failureSentence(t, load.failure)}</p>}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <div className={load.state === 'loading' ? 'w-32' : ''}>
          <StateSign model={model} load={load} />
        </div>
        {model.type === 'model' && (
          <>
            <LoadButton model={model} load={load} />
            {model.kind === 'chat' ? (
              <Button look="primary" disabled={!model.isPresent} onClick={() => onChat(model.id)}>
                {t('library.chat')}
              </Button>
            ) : (
              <Button look="primary" disabled={!model.isPresent} onClick={() => onComplete(model.id)}>
                {t('library.complete')}
              </Button>
            )}
          </>
        )}
        <Menu trigger={<IconButton label={t('models.actionsOf', { name: model.name })} icon={Ellipsis} />}>
          <ModelActions model={model} load={load} onPage />
        </Menu>
      </div>
    </div>
  )
}

function LoadButton({ model, load }: { model: Model; load: LoadState }) {
  const { t } = useTranslation()
  if (load.state === 'ready') return <Button onClick={() => void unloadModel(model.id)}>{t('models.unload')}</Button>
  if (load.state === 'loading') {
    return <Button onClick={() => void cancelLoad(model.id)}>{t('models.cancelLoad')}</Button>
  }
  return (
    <Button disabled={!model.isPresent} onClick={() => void loadModel(model.id)}>
      {t('models.load')}
    </Button>
  )
}
