import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShownFailure } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'

interface PageSectionProps {
  title: string
  /** At the end of the title's line. */
  actions?: ReactNode
  children: ReactNode
}

export function PageSection({ title, actions, children }: PageSectionProps) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <h3 className="flex-1 font-semibold whitespace-nowrap">{title}</h3>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** In the place of what could not be had. */
export function FailureLine({ failure }: { failure: ShownFailure }) {
  const { t } = useTranslation()
  return (
    <p role="alert" className="flex gap-2">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" strokeWidth={1.75} />
      <span className="min-w-0 wrap-anywhere" data-selectable>
        {failureSentence(t, failure)}
      </span>
    </p>
  )
}
