import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Fit } from '../../shared/contract/fit.ts'
import { verdictWords } from '../lib/verdict-words.ts'

const signs = {
  'fits-gpu': [CircleCheck, 'text-success'],
  'partly-gpu': [CircleCheck, 'text-success'],
  'fits-cpu': [CircleCheck, 'text-success'],
  'too-large': [TriangleAlert, 'text-danger'],
  unknown: [CircleHelp, 'text-secondary'],
} as const
const tight = [TriangleAlert, 'text-warning'] as const

/** Whether something fits this machine, as a sign and words. */
export function VerdictWord({ fit }: { fit: Pick<Fit, 'verdict' | 'isTight'> }) {
  const { t } = useTranslation()
  const [Icon, colour] = fit.isTight && signs[fit.verdict][0] === CircleCheck ? tight : signs[fit.verdict]
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} strokeWidth={1.75} />
      <span className="truncate">{verdictWords(t, fit)}</span>
    </span>
  )
}
