import { useTranslation } from 'react-i18next'
import type { LiveRequest } from '../../../shared/contract/api-server.ts'
import { formatNumber } from '../../lib/i18n/format.ts'
import { useServer } from './server-store.ts'
import { Sparkline } from './sparkline.tsx'

/** What is being answered now, and how fast all of it together. */
export function LiveRequests() {
  const { t } = useTranslation()
  const activity = useServer((state) => state.activity)
  if (!activity) return null
  const { requests, tokensPerSecond, totals } = activity
  const now = tokensPerSecond.at(-1) ?? 0
  return (
    <section>
      <div className="flex flex-wrap items-end justify-between gap-4 pb-2">
        <div>
          <h2 className="font-semibold">{t('server.activity')}</h2>
          <p className="text-small text-secondary">
            {t('server.totals', {
              requests: formatNumber(totals.requests),
              failures: formatNumber(totals.failures),
              read: formatNumber(totals.promptTokens),
              written: formatNumber(totals.answerTokens),
            })}
          </p>
        </div>
        <div className="flex items-end gap-3">
          <Sparkline values={tokensPerSecond} label={t('server.sparkline')} />
          <span className="min-w-20 text-end whitespace-nowrap">{t('server.rate', { rate: formatNumber(now) })}</span>
        </div>
      </div>
      <div className="overflow-x-auto border-y border-line">
        {requests.length === 0 ? (
          <p className="py-2.5 text-secondary">{t('server.noRequests')}</p>
        ) : (
          <RequestTable requests={requests} />
        )}
      </div>
    </section>
  )
}

function RequestTable({ requests }: { requests: LiveRequest[] }) {
  const { t } = useTranslation()
  return (
    <table className="w-full text-start">
      <thead className="text-small text-secondary">
        <tr className="h-8 border-b border-line">
          <th className="pe-4 text-start font-normal">{t('server.endpoint')}</th>
          <th className="pe-4 text-start font-normal">{t('server.model')}</th>
          <th className="pe-4 text-start font-normal">{t('server.phase')}</th>
          <th className="pe-4 text-end font-normal">{t('server.read')}</th>
          <th className="pe-4 text-end font-normal">{t('server.written')}</th>
          <th className="text-end font-normal">{t('server.speed')}</th>
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => (
          <tr key={request.id} className="h-9 border-t border-line first:border-t-0">
            <td className="pe-4 whitespace-nowrap">
              {request.endpoint}
              {request.client && <span className="text-secondary"> · {request.client}</span>}
            </td>
            <td className="max-w-60 truncate pe-4" title={request.model}>
              {request.model}
            </td>
            <td className="pe-4 whitespace-nowrap">{t(`server.phases.${request.phase}`)}</td>
            <td className="pe-4 text-end">{formatNumber(request.promptTokens)}</td>
            <td className="pe-4 text-end">{formatNumber(request.answerTokens)}</td>
            <td className="text-end">
              {request.tokensPerSecond !== null && formatNumber(request.tokensPerSecond, 1)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
