import { useTranslation } from 'react-i18next'
import type { Imported } from './import-files.ts'
import { ProblemList } from './problem-list.tsx'

const counts = ['addedChats', 'changedChats', 'skippedChats', 'addedFolders', 'addedPresets'] as const

/** What came of an import. */
export function ImportSummary({ result }: { result: Imported }) {
  const { t } = useTranslation()
  const sentences = counts.flatMap((name) =>
    result[name] > 0 ? [t(`interchange.${name}`, { count: result[name] })] : [],
  )
  return (
    <div className="flex flex-col gap-3" role="status">
      <ul className="flex flex-col gap-1">
        {(sentences.length > 0 ? sentences : [t('interchange.nothingAdded')]).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <ProblemList problems={result.problems} />
    </div>
  )
}
