import { useTranslation } from 'react-i18next'
import type { ImportPreview as Preview } from '../../../shared/contract/interchange.ts'
import { formatDay, formatNumber } from '../../lib/i18n/format.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import type { LookedAt } from './import-files.ts'
import { ProblemList } from './problem-list.tsx'

/** What is in one file, before anything is taken in. */
export function ImportPreview({ file }: { file: LookedAt }) {
  const { t } = useTranslation()
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold wrap-anywhere">{file.name}</h3>
      {'failure' in file ? (
        <p role="alert" className="wrap-anywhere">
          {failureSentence(t, file.failure)}
        </p>
      ) : (
        <Content preview={file.preview} />
      )}
    </section>
  )
}

function Content({ preview: { format, madeAt, counts, items, problems, problemCount } }: { preview: Preview }) {
  const { t } = useTranslation()
  const chatCount = counts.new + counts.present + counts.changed + counts.same
  const facts = [
    t(`interchange.sources.${format}`),
    ...(madeAt === null ? [] : [t('interchange.madeAt', { day: formatDay(madeAt) })]),
    t('interchange.chats', { count: chatCount }),
    t('interchange.messages', { count: counts.messages }),
    ...(['folders', 'presets', 'attachments'] as const).flatMap((name) =>
      counts[name] > 0 ? [t(`interchange.${name}`, { count: counts[name] })] : [],
    ),
  ]
  return (
    <>
      <p className="text-small text-secondary">{facts.join(' · ')}</p>
      {items.length > 0 && (
        <div className="max-h-72 overflow-y-auto rounded-control border border-line" tabIndex={0}>
          <table className="w-full text-start">
            <thead className="sticky top-0 bg-float text-small text-secondary">
              <tr>
                <th className="px-3 py-1.5 text-start font-normal whitespace-nowrap">{t('interchange.chat')}</th>
                <th className="px-3 py-1.5 text-end font-normal whitespace-nowrap">{t('interchange.size')}</th>
                <th className="px-3 py-1.5 text-start font-normal whitespace-nowrap">{t('interchange.state')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ title, messageCount, state }, index) => (
                <tr key={index} className="border-t border-line">
                  <td className="px-3 py-1.5 wrap-anywhere">{title || t('interchange.words.untitled')}</td>
                  <td className="px-3 py-1.5 text-end">{formatNumber(messageCount)}</td>
                  <td className={`px-3 py-1.5 whitespace-nowrap ${state === 'new' ? '' : 'text-secondary'}`}>
                    {t(`interchange.states.${state}`)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {chatCount > items.length && (
        <p className="text-small text-secondary">{t('interchange.firstItems', { count: items.length })}</p>
      )}
      <ProblemList problems={problems} count={problemCount} />
    </>
  )
}
