import { useTranslation } from 'react-i18next'
import type { Report } from '../../../shared/contract/doctor.ts'
import { Sign, gradeSigns } from './model-signs.tsx'

/** The three questions with the model's answers, and whether each ended by itself. */
export function ProbeAnswers({ answers }: { answers: NonNullable<Report['probe']> }) {
  const { t } = useTranslation()
  return (
    <ol aria-label={t('library.probeTitle')} className="flex flex-col gap-3 pt-1">
      {answers.map(({ prompt, answer, answerTokens, hasStopped }, index) => {
        const [icon, colour] = gradeSigns[hasStopped ? 'good' : 'problem']
        return (
          <li key={index} className="flex flex-col gap-1 rounded-control border border-line p-3">
            <p className="font-semibold" data-selectable>
              {prompt}
            </p>
            <p className="max-h-40 overflow-y-auto whitespace-pre-wrap wrap-anywhere" tabIndex={0} data-selectable>
              {answer.trim() || <span className="text-secondary">{t('library.noAnswer')}</span>}
            </p>
            <div className="text-small text-secondary">
              <Sign icon={icon} colour={colour}>
                {t(hasStopped ? 'library.stopped' : 'library.notStopped', { count: answerTokens })}
              </Sign>
            </div>
          </li>
        )
      })}
    </ol>
  )
}
