import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { SettingsRow } from '../../components/settings-section.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatNumber } from '../../lib/i18n/format.ts'

interface Measured {
  threads: number
  tokensPerSecond: number
}

/** Finds the fastest thread count with the loaded model; core keeps it in the settings. */
export function ThreadMeasurement({ readyModelId }: { readyModelId: string | null }) {
  const { t } = useTranslation()
  const [measuring, setMeasuring] = useState(false)
  const [results, setResults] = useState<Measured[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  async function measure(modelId: string) {
    setMeasuring(true)
    setProblem(null)
    try {
      setResults(await client.models.measureThreads({ modelId }))
    } catch (error) {
      setProblem(failureSentence(t, failureOf(error)))
    }
    setMeasuring(false)
  }

  const hint = readyModelId ? t('settings.measureHint') : t('settings.measureNeedsModel')
  return (
    <>
      <SettingsRow label={t('settings.measureTitle')} hint={problem ?? hint}>
        <Button disabled={!readyModelId || measuring} onClick={() => readyModelId && void measure(readyModelId)}>
          {measuring ? t('settings.measuring') : t('settings.measure')}
        </Button>
      </SettingsRow>
      {results && results.length > 0 && <MeasuredTable results={results} />}
    </>
  )
}

function MeasuredTable({ results }: { results: Measured[] }) {
  const { t } = useTranslation()
  const fastest = Math.max(...results.map(({ tokensPerSecond }) => tokensPerSecond))
  return (
    <table className="w-full">
      <thead className="text-small text-secondary">
        <tr className="h-9">
          <th className="w-24 text-end font-normal">{t('settings.threads')}</th>
          <th className="w-32 text-end font-normal">{t('settings.speed')}</th>
          <td />
        </tr>
      </thead>
      <tbody data-selectable>
        {results.map(({ threads, tokensPerSecond }) => (
          <tr key={threads} className="h-9 border-t border-line">
            <td className="text-end">{formatNumber(threads)}</td>
            <td className="text-end">{formatNumber(tokensPerSecond, 1)}</td>
            <td className="ps-6">{tokensPerSecond === fastest && t('settings.fastest')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
