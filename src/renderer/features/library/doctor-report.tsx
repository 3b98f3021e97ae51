import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding, Report } from '../../../shared/contract/doctor.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { formatDay } from '../../lib/i18n/format.ts'
import { findingSentence } from './finding-sentence.ts'
import { GradeIcon } from './model-signs.tsx'
import { FailureLine, PageSection } from './page-section.tsx'
import { ProbeAnswers } from './probe-answers.tsx'
import { useAnswer } from './use-answer.ts'

type Work = 'examine' | 'probe' | Finding['code']

/** What the doctor found, what can be done about it, and the three questions. */
export function DoctorReport({ model, load }: { model: Model; load: LoadState }) {
  const { t } = useTranslation()
  // What was found stands for the kind and the settings it was found with: once they change, it is looked at again.
  const isOpened = useRef(false)
  const known = useAnswer(`${model.kind} ${JSON.stringify(model.loadOverrides)}`, (signal) => {
    if (isOpened.current) return client.doctor.examine({ modelId: model.id, probe: false }, { signal })
    isOpened.current = true
    return client.doctor.report({ modelId: model.id }, { signal })
  })
  const [newer, setNewer] = useState<Report | null>(null)
  const [work, setWork] = useState<Work | null>(null)
  const [problem, setProblem] = useState<ShownFailure | null>(null)
  const [fixed, setFixed] = useState(false)
  const report = latest(known.answer, newer)

  async function run(work: Work, call: () => Promise<Report>) {
    setWork(work)
    setProblem(null)
    setFixed(false)
    try {
      setNewer(await call())
      setFixed(work !== 'examine' && work !== 'probe')
    } catch (error) {
      setProblem(failureOf(error))
    }
    setWork(null)
  }
  const examine = (probe: boolean) =>
    run(probe ? 'probe' : 'examine', () => client.doctor.examine({ modelId: model.id, probe }))

  const failure = problem ?? (report ? null : known.failure)
  return (
    <PageSection
      title={t('library.doctor')}
      actions={
        <>
          {report && (
            <span className="text-small text-secondary">
              {t('library.examinedAt', { day: formatDay(report.examinedAt) })}
            </span>
          )}
          <Button disabled={work !== null} onClick={() => void examine(false)}>
            {work === 'examine' ? t('library.examining') : t('library.examine')}
          </Button>
        </>
      }
    >
      {failure && <FailureLine failure={failure} />}
      {report ? (
        <ul className="divide-y divide-line border-y border-line">
          {report.findings.map((finding) => (
            <li key={finding.code} className="flex items-start gap-2 py-2">
              <GradeIcon grade={finding.grade} />
              <p className="min-w-0 flex-1 wrap-anywhere" data-selectable>
                {findingSentence(finding)}
              </p>
              {finding.fix && (
                <Button
                  className="-my-1"
                  disabled={work !== null}
                  onClick={() =>
                    void run(finding.code, () => client.doctor.fix({ modelId: model.id, code: finding.code }))
                  }
                >
                  {t('library.fix')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      ) : (
        !known.failure && <p className="text-secondary">{t('library.neverExaminedHint')}</p>
      )}
      {fixed && (
        <p role="status" className="text-secondary">
          {t('library.fixed')}
        </p>
      )}
      {model.kind === 'chat' && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-1">
          <p className="min-w-40 flex-1 text-secondary" role="status">
            {work === 'probe' ? t('library.probing') : t('library.probeHint')}
          </p>
          <Button disabled={work !== null || !model.isPresent} onClick={() => void examine(true)}>
            {t('library.examineProbe')}
          </Button>
        </div>
      )}
      {work === 'probe' && load.state === 'loading' && (
        <ProgressBar label={t('library.probing')} fraction={load.fraction} />
      )}
      {report?.probe && <ProbeAnswers answers={report.probe} />}
    </PageSection>
  )
}

function latest(a: Report | null, b: Report | null): Report | null {
  if (!a || !b) return a ?? b
  return a.examinedAt > b.examinedAt ? a : b
}
