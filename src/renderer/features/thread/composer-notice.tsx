import { Scissors, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PromptCount } from '../../../shared/contract/generation.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatNumber } from '../../lib/i18n/format.ts'
import { nearlyFull } from './context-gauge.tsx'
import { cutSentence } from './prompt-parts.tsx'

interface ComposerNoticeProps {
  failure: ShownFailure | null
  /** null while there is nothing to send. */
  count: PromptCount | null
}

/** Above the composer: why a message was not taken, will not be, or what will be left out for it. */
export function ComposerNotice({ failure, count }: ComposerNoticeProps) {
  const { t } = useTranslation()
  const tooLong = count !== null && count.promptTokens >= count.contextSize
  const isCut = Boolean(count?.cut) && !tooLong && !failure
  const text = describe()
  if (!text) return null
  const Icon = isCut ? Scissors : TriangleAlert
  return (
    <p role={failure ? 'alert' : 'status'} className="flex gap-2 px-2 pb-2" data-selectable>
      <Icon
        aria-hidden
        className={`mt-px size-4 shrink-0 ${failure || tooLong ? 'text-danger' : 'text-warning'}`}
        strokeWidth={1.75}
      />
      <span className="min-w-0 wrap-anywhere">{text}</span>
    </p>
  )

  function describe(): string | null {
    if (failure) return failureSentence(t, failure)
    if (!count) return null
    const counts = { used: formatNumber(count.promptTokens), size: formatNumber(count.contextSize) }
    if (tooLong) return t('thread.willNotFit', counts)
    if (count.cut) return cutSentence(t, count.cut, count.contextSize)
    return count.promptTokens >= count.contextSize * nearlyFull ? t('thread.nearlyFull', counts) : null
  }
}
