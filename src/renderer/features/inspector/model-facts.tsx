import { useTranslation } from 'react-i18next'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { backEndName } from '../../lib/back-end-name.ts'
import { formatNumber, formatParameters, formatSize } from '../../lib/i18n/format.ts'

/** What the file says of itself, and, when it is loaded, what it really runs with. */
export function ModelFacts({ model, load }: { model: Model; load: LoadState }) {
  const { t } = useTranslation()
  const facts: [label: string, value: string][] = [
    [t('inspector.name'), model.name],
    [t('inspector.file'), model.fileName],
    [t('inspector.size'), formatSize(model.sizeBytes)],
    [t('inspector.quantization'), model.quantization],
    [t('inspector.architecture'), model.architecture],
    [t('inspector.parameters'), formatParameters(model.parameterCount)],
  ]
  if (load.state === 'ready') {
    const { runtime } = load
    facts.push(
      [t('inspector.backEnd'), [backEndName(runtime.gpu), ...runtime.deviceNames].join(' · ')],
      [t('inspector.threads'), formatNumber(runtime.threads)],
      [
        t('inspector.context'),
        t('inspector.contextOf', {
          used: formatNumber(runtime.contextSize),
          trained: formatNumber(model.trainContextSize),
        }),
      ],
      [t('inspector.template'), runtime.template === 'file' ? t('inspector.templateOfFile') : runtime.template],
      [t('inspector.memory'), formatSize(runtime.memoryBytes)],
    )
    if (runtime.gpu !== 'cpu') {
      facts.push([
        t('inspector.gpuLayers'),
        t('inspector.ofTotal', { count: runtime.gpuLayers, total: formatNumber(runtime.totalLayers) }),
      ])
    }
  }
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-secondary">{label}</dt>
            <dd className="text-end wrap-anywhere" data-selectable>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {load.state !== 'ready' && <p className="pt-2 text-small text-secondary">{t('inspector.notLoaded')}</p>}
    </>
  )
}
