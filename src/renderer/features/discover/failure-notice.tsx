import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import type { ShownFailure } from '../../lib/failure.ts'
import { FailureText } from './failure-text.tsx'

interface FailureNoticeProps {
  failure: ShownFailure
  onRetry?: () => void
}

/** Stands where the content would be that could not be had. */
export function FailureNotice({ failure, onRetry }: FailureNoticeProps) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="flex items-start gap-3 rounded-surface border border-line bg-raised px-4 py-3">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" strokeWidth={1.75} />
      <p className="min-w-0 flex-1 break-words" data-selectable>
        <FailureText failure={failure} />
      </p>
      {onRetry && <Button onClick={onRetry}>{t('common.tryAgain')}</Button>}
    </div>
  )
}
