import { ChevronRight } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { RequestLogEntry } from '../../../shared/contract/api-server.ts'
import { Button } from '../../components/button.tsx'
import { SettingsRow } from '../../components/settings-section.tsx'
import { Switch } from '../../components/switch.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'
import { updateSettings } from '../../lib/settings-store.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { clearLog, followLog, useServer } from './server-store.ts'

/** What models exactly read and wrote for programs; kept only if a person wants it, and only until the app ends. */
export function RequestLog({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation()
  const log = useServer((state) => state.log)
  useEffect(() => {
    if (!isOn) return
    const abort = new AbortController()
    followLog(abort.signal).catch(showFailure)
    return () => {
      abort.abort()
      useServer.setState({ log: [] })
    }
  }, [isOn])
  return (
    <section>
      <h2 className="pb-1 font-semibold">{t('server.log')}</h2>
      <div className="divide-y divide-line border-y border-line">
        <SettingsRow label={t('server.logs')} hint={t('server.logsHint')}>
          <Switch
            label={t('server.logs')}
            checked={isOn}
            onCheckedChange={(apiLogsPrompts) => void updateSettings({ apiLogsPrompts })}
          />
        </SettingsRow>
        {isOn && log.length === 0 && <p className="py-2.5 text-secondary">{t('server.logEmpty')}</p>}
        {log.toReversed().map((entry) => (
          <LogEntry key={entry.id} entry={entry} />
        ))}
      </div>
      {log.length > 0 && (
        <Button className="mt-3" onClick={() => void clearLog()}>
          {t('server.clearLog')}
        </Button>
      )}
    </section>
  )
}

const outcomes = ['stop', 'length', 'tool-calls', 'stopped'] as const

/** The others are codes of failures. */
function isOutcome(outcome: string): outcome is (typeof outcomes)[number] {
  return (outcomes as readonly string[]).includes(outcome)
}

function LogEntry({ entry }: { entry: RequestLogEntry }) {
  const { t, i18n } = useTranslation()
  return (
    <details className="group py-1.5">
      <summary className="flex list-none items-center gap-2 rounded-small">
        <ChevronRight
          aria-hidden
          className="size-3.5 shrink-0 text-secondary transition-transform group-open:rotate-90"
          strokeWidth={1.75}
        />
        <span className="text-secondary">{new Date(entry.at).toLocaleTimeString(i18n.language)}</span>
        <span className="truncate">
          {entry.endpoint} · {entry.model}
        </span>
        <span className="ms-auto whitespace-nowrap text-small text-secondary">
          {isOutcome(entry.outcome) ? t(`server.outcomes.${entry.outcome}`) : entry.outcome} ·{' '}
          {formatNumber(entry.promptTokens)} → {formatNumber(entry.answerTokens)} ·{' '}
          {t('server.took', { seconds: formatNumber(entry.totalMs / 1000, 2) })}
        </span>
      </summary>
      <LoggedText title={t('server.prompt')} text={entry.prompt} />
      <LoggedText title={t('server.answer')} text={entry.answer} />
    </details>
  )
}

function LoggedText({ title, text }: { title: string; text: string }) {
  return (
    <div className="ps-5.5 pt-1.5">
      <h3 className="text-small text-secondary">{title}</h3>
      <pre
        tabIndex={0}
        data-selectable
        className="max-h-80 overflow-y-auto rounded-control bg-raised px-3 py-2 font-mono text-small wrap-anywhere
          whitespace-pre-wrap"
      >
        {text}
      </pre>
    </div>
  )
}
