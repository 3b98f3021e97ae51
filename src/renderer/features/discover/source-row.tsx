import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HubSource, SourceTest } from '../../../shared/contract/hubs.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { Button } from '../../components/button.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { formatNumber, formatRate } from '../../lib/i18n/format.ts'
import { updateSettings } from '../../lib/settings-store.ts'
import { CustomAddress } from './custom-address.tsx'
import { FailureText } from './failure-text.tsx'
import { TokenForm } from './token-form.tsx'

interface SourceRowProps {
  id: Settings['hubSource']
  /** null for `automatic`, which is none of its own. */
  source: HubSource | null
  chosen: Settings['hubSource']
  /** Its token was changed. */
  onChanged: () => void
}

/** One source to choose, with its address, its token, and how well it answers. */
export function SourceRow({ id, source, chosen, onChanged }: SourceRowProps) {
  const { t } = useTranslation()
  const [result, setResult] = useState<SourceTest | null>(null)
  const [isTesting, setTesting] = useState(false)
  const [isAskingToken, setAskingToken] = useState(false)
  const name = t(`hubs.source.${id}`)

  async function test(sourceId: HubSource['id']) {
    setTesting(true)
    setResult(null)
    const nothing = { sourceId, latencyMs: null, bytesPerSecond: null }
    const answer = await client.hubs
      .test({ sourceId })
      .catch((error: unknown) => ({ ...nothing, failure: failureOf(error) as SourceTest['failure'] }))
    setResult(answer)
    setTesting(false)
  }

  const hint = source?.endpoint || t(id === 'automatic' ? 'hubs.automaticHint' : 'hubs.customHint')
  return (
    <div className="flex flex-col gap-1.5 py-1.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <label className="flex min-w-56 flex-1 items-start gap-2.5">
          <input
            type="radio"
            name="hub-source"
            className="mt-0.5 size-3.5 shrink-0"
            checked={chosen === id}
            onChange={() => void updateSettings({ hubSource: id })}
          />
          <span className="min-w-0">
            {name}
            <span className="block text-small text-secondary wrap-anywhere">{hint}</span>
          </span>
        </label>
        {source && (
          <div className="ms-auto flex flex-wrap items-center justify-end gap-2">
            <span className="pe-2 text-small text-secondary">
              {t(source.isFromEnvironment ? 'hubs.fromEnvironment' : source.hasToken ? 'hubs.tokenSet' : 'hubs.tokenNone')}
            </span>
            <Button
              aria-expanded={isAskingToken}
              aria-label={t('hubs.tokenOf', { source: name })}
              disabled={!source.endpoint || (source.isFromEnvironment && source.hasToken)}
              onClick={() => setAskingToken(!isAskingToken)}
            >
              {t('hubs.token')}
            </Button>
            <Button
              aria-label={t('hubs.testOf', { source: name })}
              disabled={isTesting || !source.endpoint}
              onClick={() => void test(source.id)}
            >
              {t(isTesting ? 'hubs.testing' : 'hubs.test')}
            </Button>
          </div>
        )}
      </div>
      <div role="status" className="ps-6 empty:hidden">
        {result && <TestResult result={result} />}
      </div>
      {id === 'custom' && chosen === 'custom' && <CustomAddress />}
      {source && isAskingToken && (
        <TokenForm
          source={source}
          onDone={() => {
            setAskingToken(false)
            onChanged()
          }}
        />
      )}
    </div>
  )
}

function TestResult({ result: { latencyMs, bytesPerSecond, failure } }: { result: SourceTest }) {
  const { t } = useTranslation()
  const latency = latencyMs === null ? '' : formatNumber(latencyMs)
  return (
    <p className="flex items-start gap-1.5 text-small" data-selectable>
      {failure ? (
        <>
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-danger" strokeWidth={1.75} />
          <span className="min-w-0 break-words">
            <FailureText failure={failure} />
          </span>
        </>
      ) : (
        <>
          <CircleCheck aria-hidden className="mt-0.5 size-3.5 shrink-0 text-success" strokeWidth={1.75} />
          {bytesPerSecond === null
            ? t('hubs.testLatency', { latency })
            : t('hubs.testResult', { latency, rate: formatRate(bytesPerSecond) })}
        </>
      )}
    </p>
  )
}
