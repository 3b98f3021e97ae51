import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DataCopy } from '../../../shared/contract/interchange.ts'
import { Button } from '../../components/button.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { SettingsRow, SettingsSection } from '../../components/settings-section.tsx'
import { client } from '../../lib/client.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatDay, formatSize } from '../../lib/i18n/format.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'
import { openImport } from './interchange-store.ts'
import { backUp } from './make-file.ts'
import { useTask } from './use-task.ts'

/** For the settings page: everything to one file and back. */
export function BackupSettings() {
  const { t } = useTranslation()
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <SettingsSection title={t('interchange.backup')}>
      <BackUpRow />
      <SettingsRow label={t('interchange.restoreBackup')} hint={t('interchange.restoreHint')}>
        <input
          ref={chooser}
          type="file"
          accept=".zip"
          hidden
          data-backup-file
          onChange={(event) => {
            const files = [...(event.target.files ?? [])]
            // The same file may be chosen again.
            event.target.value = ''
            if (files.length > 0) openImport(files)
          }}
        />
        <Button onClick={() => chooser.current?.click()}>{t('interchange.chooseBackup')}</Button>
      </SettingsRow>
      <SettingsRow label={t('interchange.importFromApps')} hint={t('interchange.importFromAppsHint')}>
        <Button onClick={() => openImport()}>{t('interchange.import')}</Button>
      </SettingsRow>
      <DataCopies />
    </SettingsSection>
  )
}

function BackUpRow() {
  const { t } = useTranslation()
  const task = useTask()

  async function start() {
    const name = await task.run(backUp)
    if (name !== null) showToast({ text: t('interchange.exported', { name }) })
  }

  return (
    <>
      <SettingsRow label={t('interchange.backUpAll')} hint={t('interchange.backUpHint')}>
        {task.fraction === null ? (
          <Button onClick={() => void start()}>{t('interchange.backUp')}</Button>
        ) : (
          <div className="flex w-60 items-center gap-3">
            <ProgressBar label={t('interchange.backingUp')} fraction={task.fraction} />
            <Button onClick={task.cancel}>{t('common.cancel')}</Button>
          </div>
        )}
      </SettingsRow>
      {task.failure && (
        <p role="alert" className="py-2 text-small wrap-anywhere">
          {failureSentence(t, task.failure)}
        </p>
      )}
    </>
  )
}

function DataCopies() {
  const { t } = useTranslation()
  const [copies, setCopies] = useState<DataCopy[] | null>(null)
  useEffect(() => {
    client.interchange.dataCopies().then(setCopies, showFailure)
  }, [])
  return (
    <SettingsRow label={t('interchange.dataCopies')} hint={t('interchange.dataCopiesHint')}>
      {copies?.length === 0 && <span className="text-secondary">{t('interchange.noDataCopies')}</span>}
      {copies && copies.length > 0 && (
        <ul className="w-full text-small" data-selectable>
          {copies.map(({ path, madeAt, sizeBytes }) => (
            <li key={path} className="flex flex-wrap gap-x-3 py-0.5">
              <span>{formatDay(madeAt)}</span>
              <span>{formatSize(sizeBytes)}</span>
              <span className="min-w-0 flex-1 text-secondary wrap-anywhere">{path}</span>
            </li>
          ))}
        </ul>
      )}
    </SettingsRow>
  )
}
