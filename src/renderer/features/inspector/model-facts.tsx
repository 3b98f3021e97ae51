import { useTranslation } from 'react-i18next'
import type { LoadState, Model, Runtime } from '../../../shared/contract/models.ts'
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
      [t('inspector.batch'), formatNumber(runtime.batchSize)],
      [t('inspector.kvCache'), `${runtime.kvCacheKeyType} / ${runtime.kvCacheValueType}`],
      [t('inspector.flashAttention'), t(runtime.flashAttention ? 'loadSettings.on' : 'loadSettings.off')],
      [t('inspector.memory'), memoryOf(runtime)],
    )
    if (runtime.slots > 1) facts.push([t('loadSettings.slots'), formatNumber(runtime.slots)])
    if (runtime.rope) facts.push([t('loadSettings.rope'), t(`loadSettings.ropeMethod.${runtime.rope.method}`)])
    if (runtime.confirmedOverrides.length > 0) {
      facts.push([t('inspector.confirmed'), runtime.confirmedOverrides.join('\n')])
    }
    if (runtime.adapters.length > 0) {
      const adapters = runtime.adapters.map(({ fileName, scale }) => `${fileName} × ${scale}`)
      facts.push([t('loadSettings.adapters'), adapters.join('\n')])
    }
    if (runtime.gpu !== 'cpu') {
      facts.push([
        t('inspector.gpuLayers'),
        t('inspector.ofTotal', { count: runtime.gpuLayers, total: formatNumber(runtime.totalLayers) }),
      ])
    }
  }
  function memoryOf({ memoryBytes, estimatedBytes }: Runtime): string {
    const measured = formatSize(memoryBytes)
    return estimatedBytes === null
      ? measured
      : t('inspector.memoryAndEstimate', { measured, estimated: formatSize(estimatedBytes) })
  }
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-secondary">{label}</dt>
            <dd className="text-end wrap-anywhere whitespace-pre-line" data-selectable>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {load.state !== 'ready' && <p className="pt-2 text-small text-secondary">{t('inspector.notLoaded')}</p>}
    </>
  )
}
