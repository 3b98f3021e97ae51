import { useTranslation } from 'react-i18next'
import type { RunCard } from '../../../shared/contract/chats.ts'
import { Tooltip } from '../../components/tooltip.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'
import { showThreadDialog } from './thread-dialogs-store.ts'
import { useDuration } from './use-duration.ts'

/** The cost of an answer in one line; opens the whole run card. */
export function AnswerFigures({ card }: { card: RunCard }) {
  const { t } = useTranslation()
  const duration = useDuration()
  const { tokensPerSecond, timeToFirstTokenMs, promptTokens, cachedTokens, answerTokens, stopReason, draft } = card
  const prompt = t('thread.promptTokens', { count: promptTokens })
  const figures = [
    tokensPerSecond !== null &&
      t('thread.speed', { rate: formatNumber(tokensPerSecond, tokensPerSecond < 100 ? 1 : 0) }),
    timeToFirstTokenMs !== null && t('thread.firstToken', { time: duration(timeToFirstTokenMs) }),
    cachedTokens > 0 ? t('thread.withCached', { prompt, cached: formatNumber(cachedTokens) }) : prompt,
    t('thread.answerTokens', { count: answerTokens }),
    draft &&
      t('thread.drafts', {
        accepted: formatNumber(draft.acceptedTokens),
        rejected: formatNumber(draft.rejectedTokens),
      }),
    draft?.plainTokensPerSecond &&
      t('thread.withoutDrafts', { rate: formatNumber(draft.plainTokensPerSecond, 1) }),
    draft?.isPaused && t('thread.draftsPaused'),
  ]
  return (
    <>
      <Tooltip text={t('thread.runCard')}>
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => showThreadDialog({ type: 'run-card', card })}
          className="-ms-1.5 h-6 min-w-0 truncate rounded-small ps-1.5 pe-1 text-small text-secondary hover:bg-hover
            hover:text-text"
        >
          {figures.filter(Boolean).join(' · ')}
        </button>
      </Tooltip>
      {stopReason && (
        <span className="shrink-0 text-small text-secondary before:me-1.5 before:content-['·']">
          {t(`thread.stopReason.${stopReason}`)}
        </span>
      )}
    </>
  )
}
