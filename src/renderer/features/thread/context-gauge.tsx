import { Popover, Tooltip } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContextPolicy } from '../../../shared/contract/chats.ts'
import type { PromptCount } from '../../../shared/contract/generation.ts'
import { Button } from '../../components/button.tsx'
import { formatNumber, formatPercent } from '../../lib/i18n/format.ts'
import { ContextPolicyField } from './context-policy-field.tsx'
import { PromptParts } from './prompt-parts.tsx'

const radius = 7
const circumference = 2 * Math.PI * radius
/** The part of the context from which on little room is left for an answer. */
export const nearlyFull = 0.85

interface ContextGaugeProps {
  count: PromptCount | null
  running: boolean
  /** null = that of the settings. */
  policy: ContextPolicy | null
  /** Missing where nothing is left out: in a completion. */
  onPolicyChange?: (policy: ContextPolicy | null) => void
  onShowPrompt: () => void
}

/** How much of the context the prompt takes, as a thin ring. Resting on it shows the parts; pressing it, what to do. */
export function ContextGauge({ count, running, policy, onPolicyChange, onShowPrompt }: ContextGaugeProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [tip, setTip] = useState(false)
  const fraction = count ? count.promptTokens / count.contextSize : 0
  const label = count
    ? t('prompt.gauge', { used: formatNumber(count.promptTokens), size: formatNumber(count.contextSize) })
    : t(running ? 'prompt.gaugeRunning' : 'prompt.gaugeUnknown')
  const colour =
    !count || (fraction < nearlyFull && !count.cut) ? 'text-secondary' : fraction < 1 ? 'text-warning' : 'text-danger'
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Root open={tip && !open} onOpenChange={setTip}>
        <Tooltip.Trigger asChild>
          <Popover.Trigger asChild>
            <button
              type="button"
              aria-label={label}
              className="flex h-8 shrink-0 items-center gap-1 rounded-control px-1.5 hover:bg-hover"
            >
              {count && <span className="text-small text-secondary">{formatPercent(fraction)}</span>}
              <Ring fraction={Math.min(1, fraction)} className={colour} />
            </button>
          </Popover.Trigger>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content
            side="top"
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-80 animate-appear rounded-control border border-line bg-float p-3 shadow-float"
          >
            {count ? <PromptParts count={count} /> : label}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
      <Popover.Portal>
        <Popover.Content
          aria-label={label}
          side="top"
          sideOffset={6}
          collisionPadding={8}
          className="z-30 flex max-h-(--radix-popover-content-available-height) w-80 max-w-[calc(100vw-2rem)]
            animate-appear flex-col gap-3 overflow-y-auto rounded-surface border border-line bg-float p-4 shadow-float
            outline-none"
        >
          {count ? <PromptParts count={count} /> : <p>{label}</p>}
          <Button
            onClick={() => {
              setOpen(false)
              onShowPrompt()
            }}
          >
            {t('prompt.open')}
          </Button>
          {onPolicyChange && <ContextPolicyField value={policy} onChange={onPolicyChange} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Ring({ fraction, className }: { fraction: number; className: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 18 18"
      className={`size-[18px] -rotate-90 ${className}`}
      fill="none"
      strokeWidth="2"
    >
      <circle cx="9" cy="9" r={radius} className="stroke-line" />
      <circle
        cx="9"
        cy="9"
        r={radius}
        stroke="currentColor"
        strokeDasharray={`${fraction * circumference} ${circumference}`}
      />
    </svg>
  )
}
