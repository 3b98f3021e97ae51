import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ImportProblem } from '../../../shared/contract/interchange.ts'

/** What could not be read, each with its name and why. */
export function ProblemList({
  problems,
  count = problems.length,
}: {
  problems: readonly ImportProblem[]
  count?: number
}) {
  const { t } = useTranslation()
  if (count === 0) return null
  return (
    <details className="rounded-control border border-line">
      <summary className="flex cursor-pointer items-center gap-2 px-3 py-2">
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-warning" strokeWidth={1.75} />
        {t('interchange.problems', { count })}
      </summary>
      <ul className="max-h-60 overflow-y-auto border-t border-line px-3 py-2 text-small" tabIndex={0}>
        {problems.map(({ name, code, count }, index) => (
          <li key={index} className="py-0.5 wrap-anywhere">
            <span className="font-semibold">{name || t('interchange.wholeFile')}</span>{' '}
            <span className="text-secondary">
              {t(`interchange.problemCodes.${code}`)} {count > 1 && t('interchange.times', { count })}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
