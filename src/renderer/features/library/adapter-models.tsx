import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { useModels } from '../../lib/models-store.ts'
import { openModel } from './library-store.ts'
import { PageSection } from './page-section.tsx'

/** What an adapter is for, and the models here that it was made for. */
export function AdapterModels({ adapter }: { adapter: Model }) {
  const { t } = useTranslation()
  const models = useModels((state) => state.models)
  const matching = useMemo(
    () =>
      [...(models?.values() ?? [])].filter(
        ({ type, architecture }) => type === 'model' && architecture === adapter.architecture,
      ),
    [models, adapter.architecture],
  )
  return (
    <PageSection title={t('library.adapterModels', { architecture: adapter.architecture })}>
      <p className="text-secondary">{t('library.adapterHint')}</p>
      {matching.length === 0 ? (
        <p>{t('library.noAdapterModels', { architecture: adapter.architecture })}</p>
      ) : (
        <ul className="max-h-90 divide-y divide-line overflow-y-auto border-y border-line">
          {matching.map((model) => (
            <li key={model.id}>
              <button
                type="button"
                onClick={() => openModel(model.id)}
                className="flex h-9 w-full items-center gap-3 rounded-small px-1 text-start hover:bg-hover"
              >
                <span className="min-w-0 flex-1 truncate">{model.name}</span>
                <span className="text-small text-secondary">{model.quantization}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </PageSection>
  )
}
