import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { client } from '../../lib/client.ts'
import { formatDay, formatNumber, formatParameters, formatSize } from '../../lib/i18n/format.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { openModel } from './library-store.ts'
import { PageSection } from './page-section.tsx'

interface ModelFactsProps {
  model: Model
  /** All files of the model, first part first; until they are known, its path alone. */
  paths: string[]
  sameFiles: Model[]
}

/** What the model is, where it lies and where it came from. */
export function ModelFacts({ model, paths, sameFiles }: ModelFactsProps) {
  const { t } = useTranslation()
  return (
    <PageSection title={t('library.facts')}>
      <dl className="flex flex-col divide-y divide-line border-y border-line">
        {model.type === 'model' && <Kind model={model} />}
        <Fact name={t('inspector.size')}>
          {formatSize(model.sizeBytes)}
          {model.partCount > 1 && ` · ${t('library.parts', { count: model.partCount })}`}
        </Fact>
        <Fact name={t('library.column.quantization')}>{model.quantization}</Fact>
        <Fact name={t('library.column.architecture')}>{model.architecture}</Fact>
        {model.parameterCount > 0 && (
          <Fact name={t('library.parameters')}>{formatParameters(model.parameterCount)}</Fact>
        )}
        {model.type === 'model' && (
          <>
            <Fact name={t('library.column.context')}>{formatNumber(model.trainContextSize)}</Fact>
            {model.vocabularySize > 0 && (
              <Fact name={t('library.vocabulary')}>{formatNumber(model.vocabularySize)}</Fact>
            )}
            <Fact name={t('library.templateOf')}>
              {t(model.hasChatTemplate ? 'library.ownTemplate' : 'library.noOwnTemplate')}
            </Fact>
          </>
        )}
        <Fact name={t('library.column.source')}>{t(`library.sources.${model.source}`)}</Fact>
        {model.repository && <Fact name={t('library.repository')}>{model.repository}</Fact>}
        <Fact name={t('library.added')}>{formatDay(model.addedAt)}</Fact>
        <Fact name={t('library.column.lastUsed')}>
          {model.lastUsedAt === null ? t('library.never') : formatDay(model.lastUsedAt)}
        </Fact>
        <LongFact
          name={t(paths.length > 1 ? 'library.paths' : 'library.path')}
          copyLabel={t('library.copyPath')}
          text={paths.join('\n')}
        />
        <LongFact
          name={t('library.sha256')}
          copyLabel={t('library.copyHash')}
          text={model.sha256}
          instead={t('library.notHashed')}
        />
        {sameFiles.length > 0 && (
          <div className="flex flex-col gap-0.5 py-2">
            <dt className="text-secondary">{t('library.duplicate')}</dt>
            {sameFiles.map((same) => (
              <dd key={same.id}>
                <button
                  type="button"
                  onClick={() => openModel(same.id)}
                  className="rounded-small text-start font-mono text-small wrap-anywhere underline-offset-2 hover:underline"
                >
                  {same.path}
                </button>
              </dd>
            ))}
          </div>
        )}
      </dl>
    </PageSection>
  )
}

function Kind({ model }: { model: Model }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <dt className="text-secondary">{t('library.column.kind')}</dt>
      <dd>
        <SegmentedField
          label={t('library.column.kind')}
          value={model.kind}
          options={(['chat', 'base'] as const).map((value) => ({ value, label: t(`library.kind.${value}`) }))}
          onValueChange={(kind) => void client.models.setKind({ modelId: model.id, kind }).catch(showFailure)}
        />
      </dd>
      <dd className="w-full text-small text-secondary">{t(`library.kindHint.${model.kind}`)}</dd>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-4 py-1.5">
      <dt className="shrink-0 text-secondary">{name}</dt>
      <dd className="min-w-0 flex-1 text-end wrap-anywhere" data-selectable>
        {children}
      </dd>
    </div>
  )
}

interface LongFactProps {
  name: string
  text: string | null
  /** Where there is no text. */
  instead?: string
  copyLabel: string
}

function LongFact({ name, text, instead, copyLabel }: LongFactProps) {
  return (
    <div className="py-1.5">
      <dt className="flex min-h-7 items-center justify-between text-secondary">
        {name}
        {text !== null && <CopyButton text={text} label={copyLabel} />}
      </dt>
      <dd className="font-mono text-small whitespace-pre-wrap wrap-anywhere" data-selectable>
        {text ?? <span className="font-sans text-secondary">{instead}</span>}
      </dd>
    </div>
  )
}
