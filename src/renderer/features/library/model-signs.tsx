/** Load state and check-up of a model, each as a sign and a word. */
import { CircleCheck, FileX, Lightbulb, TriangleAlert } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { formatPercent } from '../../lib/i18n/format.ts'
import { hasFailed } from '../../lib/models-store.ts'
import { stateOf } from './list-models.ts'

interface SignProps {
  icon: LucideIcon
  colour: string
  children: string
}

export function Sign({ icon: Icon, colour, children }: SignProps) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} strokeWidth={1.75} />
      <span className="truncate">{children}</span>
    </span>
  )
}

/** Empty for a model that is simply not loaded. */
export function StateSign({ model, load }: { model: Model; load: LoadState }) {
  const { t } = useTranslation()
  if (load.state === 'loading') {
    return (
      <span className="flex items-center gap-2">
        <ProgressBar label={t('library.state.loading')} fraction={load.fraction} />
        <span className="w-8 shrink-0 text-end text-small text-secondary">{formatPercent(load.fraction)}</span>
      </span>
    )
  }
  if (load.state === 'ready') {
    return (
      <Sign icon={CircleCheck} colour="text-success">
        {t('library.state.ready')}
      </Sign>
    )
  }
  if (hasFailed(load)) {
    return (
      <Sign icon={TriangleAlert} colour="text-danger">
        {t('library.state.failed')}
      </Sign>
    )
  }
  if (stateOf(model, load) !== 'missing') return null
  return (
    <Sign icon={FileX} colour="text-warning">
      {t('library.state.missing')}
    </Sign>
  )
}

export const gradeSigns = {
  good: [CircleCheck, 'text-success'],
  advice: [Lightbulb, 'text-warning'],
  problem: [TriangleAlert, 'text-danger'],
} as const

export function GradeSign({ grade }: { grade: Model['doctor'] }) {
  const { t } = useTranslation()
  if (grade === null) return <span className="text-secondary">{t('library.neverExamined')}</span>
  const [icon, colour] = gradeSigns[grade]
  return (
    <Sign icon={icon} colour={colour}>
      {t(`library.doctorGrade.${grade}`)}
    </Sign>
  )
}

export function GradeIcon({ grade }: { grade: NonNullable<Model['doctor']> }) {
  const { t } = useTranslation()
  const [Icon, colour] = gradeSigns[grade]
  return (
    <Icon
      aria-label={t(`library.doctorGrade.${grade}`)}
      className={`mt-0.5 size-4 shrink-0 ${colour}`}
      strokeWidth={1.75}
    />
  )
}
