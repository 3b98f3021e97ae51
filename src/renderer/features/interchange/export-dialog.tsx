import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportFormat } from '../../../shared/contract/interchange.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { Switch } from '../../components/switch.tsx'
import { useFolders } from '../../lib/folders-store.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { showToast } from '../../lib/toast-store.ts'
import { FormatList } from './format-list.tsx'
import { closeExport } from './interchange-store.ts'
import type { ExportTarget } from './interchange-store.ts'
import { exportChats } from './make-file.ts'
import { useTask } from './use-task.ts'

/** One file, or a zip, of a chat, several chats or a folder. */
export function ExportDialog({ target }: { target: ExportTarget }) {
  const { t } = useTranslation()
  const [format, setFormat] = useState<ExportFormat>('markdown')
  const [allBranches, setAllBranches] = useState(true)
  const task = useTask()
  const title = useTargetTitle(target)
  const isOneChat = 'chatIds' in target && target.chatIds.length === 1
  const isRunning = task.fraction !== null
  const isList = format === 'json' || format === 'sharegpt' || format === 'alpaca'

  async function start() {
    const name = await task.run((onProgress, signal) => exportChats(target, format, allBranches, onProgress, signal))
    if (name === null) return
    showToast({ text: t('interchange.exported', { name }) })
    closeExport()
  }

  return (
    <Dialog
      open
      onClose={closeExport}
      title={title}
      footer={
        <>
          <Button onClick={isRunning ? task.cancel : closeExport}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={isRunning} onClick={() => void start()}>
            {isRunning ? t('interchange.exporting') : t('interchange.export')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <FormatList value={format} onValueChange={setFormat} />
        {format === 'json' ? (
          <div className="flex items-center justify-between gap-4 border-t border-line pt-3">
            <div className="min-w-0 flex-1">
              <div>{t('interchange.allBranches')}</div>
              <p className="text-small text-secondary">{t('interchange.allBranchesHint')}</p>
            </div>
            <Switch label={t('interchange.allBranches')} checked={allBranches} onCheckedChange={setAllBranches} />
          </div>
        ) : (
          <p className="border-t border-line pt-3 text-small text-secondary">
            {t('interchange.onlyShown')} {!isOneChat && !isList && t('interchange.asZip')}
          </p>
        )}
        {isRunning && <ProgressBar label={t('interchange.exporting')} fraction={task.fraction!} />}
        {task.failure && (
          <p role="alert" className="text-small wrap-anywhere">
            {failureSentence(t, task.failure)}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function useTargetTitle(target: ExportTarget): string {
  const { t } = useTranslation()
  const folders = useFolders((state) => state.folders)
  if ('folderId' in target) {
    return t('interchange.exportFolder', { name: folders?.find(({ id }) => id === target.folderId)?.name ?? '' })
  }
  const count = target.chatIds.length
  return count === 1 ? t('interchange.exportChat') : t('interchange.exportChats', { count })
}
