import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { FileChoice } from './file-choice.tsx'
import { lookAt, takeIn } from './import-files.ts'
import type { Imported, LookedAt } from './import-files.ts'
import { ImportPreview } from './import-preview.tsx'
import { ImportSummary } from './import-summary.tsx'
import { closeImport } from './interchange-store.ts'
import { releaseFile } from './travel.ts'
import { useTask } from './use-task.ts'

interface ImportDialogProps {
  /** Chosen before; an empty list asks for some. */
  files: File[]
  onShowChat: (chatId: string) => void
}

/** Choose, look, take in, and what came of it. */
export function ImportDialog({ files, onShowChat }: ImportDialogProps) {
  const { t } = useTranslation()
  const [lookedAt, setLookedAt] = useState<LookedAt[]>([])
  const [reading, setReading] = useState('')
  const [present, setPresent] = useState<'skip' | 'copy'>('skip')
  const [result, setResult] = useState<Imported | null>(null)
  const task = useTask()
  const isBusy = task.fraction !== null

  async function look(chosen: File[]) {
    const found = await task.run(async (onProgress, signal) => {
      const found: LookedAt[] = []
      for (const [index, file] of chosen.entries()) {
        setReading(file.name)
        found.push(await lookAt(file, (fraction) => onProgress((index + fraction) / chosen.length), signal))
      }
      return found
    })
    if (found) setLookedAt(found)
  }
  const lookAtGiven = useEffectEvent(() => files.length > 0 && void look(files))
  useEffect(() => {
    const start = setTimeout(lookAtGiven)
    return () => clearTimeout(start)
  }, [])

  const previews = lookedAt.flatMap((file) => ('preview' in file ? [file] : []))
  const isBackup = previews.some(({ preview }) => preview.format === 'yangtuo-backup')
  const sum = (name: 'new' | 'present' | 'changed') =>
    previews.reduce((sum, { preview }) => sum + preview.counts[name], 0)
  const presentCount = sum('present')
  const hasNews = sum('new') + sum('changed') > 0 || isBackup || (present === 'copy' && presentCount > 0)

  async function start() {
    const fileIds = previews.map(({ fileId }) => fileId)
    setResult(await task.run((onProgress, signal) => takeIn(fileIds, present, onProgress, signal)))
  }

  function close() {
    for (const { fileId } of previews) releaseFile(fileId)
    closeImport()
  }

  const taking = t(isBackup ? 'interchange.restoring' : 'interchange.importing')
  const doing = previews.length > 0 ? taking : t('interchange.reading', { name: reading })
  const verb = isBackup ? t('interchange.restore') : t('interchange.importChats')
  return (
    <Dialog
      open
      onClose={close}
      title={isBackup ? t('interchange.restoreBackup') : t('interchange.importTitle')}
      footer={
        result ? (
          <>
            {result.firstChatId !== null && (
              <Button
                onClick={() => {
                  onShowChat(result.firstChatId!)
                  close()
                }}
              >
                {t('interchange.showChat')}
              </Button>
            )}
            <Button look="primary" onClick={close}>
              {t('interchange.done')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            {previews.length > 0 && (
              <Button look="primary" disabled={isBusy || !hasNews} onClick={() => void start()}>
                {verb}
              </Button>
            )}
          </>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {lookedAt.length === 0 && !isBusy && (
          <>
            <p className="text-secondary">{t('interchange.importHint')}</p>
            <FileChoice onFiles={(files) => void look(files)} />
          </>
        )}
        {!result && lookedAt.map((file, index) => <ImportPreview key={index} file={file} />)}
        {!result && presentCount > 0 && (
          <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3">
            <span>{t('interchange.present', { count: presentCount })}</span>
            <SegmentedField
              label={t('interchange.presentChoice')}
              value={present}
              options={[
                { value: 'skip', label: t('interchange.skip') },
                { value: 'copy', label: t('interchange.copy') },
              ]}
              onValueChange={setPresent}
            />
          </div>
        )}
        {!result && !isBusy && previews.length > 0 && (
          <p className="text-small text-secondary">
            {isBackup
              ? t('interchange.backupHint')
              : t(hasNews ? 'interchange.nothingChangedYet' : 'interchange.nothingNew')}
          </p>
        )}
        {isBusy && (
          <div role="status" className="flex flex-col gap-2">
            <p className="text-small wrap-anywhere">{doing}</p>
            <ProgressBar label={t('interchange.import')} fraction={task.fraction!} />
          </div>
        )}
        {task.failure && (
          <p role="alert" className="text-small wrap-anywhere">
            {failureSentence(t, task.failure)}
          </p>
        )}
        {result && <ImportSummary result={result} />}
      </div>
    </Dialog>
  )
}
