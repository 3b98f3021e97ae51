import { useTranslation } from 'react-i18next'
import { Tooltip } from '../../components/tooltip.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'
import type { PromptCount } from './use-prompt-count.ts'

const radius = 7
const circumference = 2 * Math.PI * radius

/** How much of the context the prompt takes, as a thin ring; the number on hover. */
export function ContextRing({ count }: { count: PromptCount | null }) {
  const { t } = useTranslation()
  const fraction = count ? Math.min(1, count.promptTokens / count.contextSize) : 0
  const text = count
    ? t('thread.contextUse', { used: formatNumber(count.promptTokens), size: formatNumber(count.contextSize) })
    : t('thread.contextUnknown')
  const colour = !count || fraction < nearlyFull ? 'text-secondary' : fraction < 1 ? 'text-warning' : 'text-danger'
  return (
    <Tooltip text={text} side="top">
      <div
        role="meter"
        tabIndex={0}
        aria-label={t('thread.context')}
        aria-valuemin={0}
        aria-valuemax={count?.contextSize ?? 0}
        aria-valuenow={count ? Math.min(count.promptTokens, count.contextSize) : 0}
        aria-valuetext={text}
        className={`grid size-8 place-items-center rounded-full ${colour}`}
      >
        <svg aria-hidden viewBox="0 0 18 18" className="size-[18px] -rotate-90" fill="none" strokeWidth="2">
          <circle cx="9" cy="9" r={radius} className="stroke-line" />
          <circle
            cx="9"
            cy="9"
            r={radius}
            stroke="currentColor"
            strokeDasharray={`${fraction * circumference} ${circumference}`}
          />
        </svg>
      </div>
    </Tooltip>
  )
}

/** The part of the context from which on little room is left for an answer. */
export const nearlyFull = 0.85
