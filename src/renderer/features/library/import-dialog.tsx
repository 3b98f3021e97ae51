import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useCapabilities } from '../../lib/capabilities-store.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { typedPath } from '../../lib/typed-path.ts'
import { closeImport, openModel, useLibrary } from './library-store.ts'

const hows = ['in-place', 'move', 'copy', 'link'] as const

interface ImportDialogProps {
  /** Takes the files that a browser may only read, and sends them to the host. */
  onUploadFiles: (files: File[]) => void
}

/** Brings a file into the list, or a whole folder. What goes wrong is told under the path. */
export function ImportDialog({ onUploadFiles }: ImportDialogProps) {
  const { t } = useTranslation()
  const what = useLibrary((state) => state.importing) ?? 'file'
  const { fileDialog, uploadUrl } = useCapabilities()
  const [path, setPath] = useState('')
  const [how, setHow] = useState<(typeof hows)[number]>('in-place')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  function changePath(path: string) {
    setPath(path)
    setProblem(null)
  }

  async function choose() {
    try {
      const chosen = await (what === 'file' ? client.models.pickFile() : client.models.pickFolder())
      if (chosen) changePath(chosen)
    } catch (error) {
      setProblem(failureSentence(t, failureOf(error)))
    }
  }

  async function add() {
    const from = typedPath(path)
    if (!from || busy) return
    setBusy(true)
    setProblem(null)
    try {
      if (what === 'folder' && how === 'in-place') {
        await client.modelFolders.add({ path: from })
        useLibrary.setState({ foldersOpen: true })
      } else openModel((await client.models.importFile({ path: from, how })).id)
      closeImport()
    } catch (error) {
      setProblem(failureSentence(t, failureOf(error)))
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={closeImport}
      title={t('library.importTitle')}
      footer={
        <>
          <Button onClick={closeImport}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={!typedPath(path) || busy} onClick={() => void add()}>
            {busy ? t('library.importing') : t(what === 'folder' && how === 'in-place' ? 'library.watchFolder' : 'library.import')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div>
          <SegmentedField
            label={t('library.what')}
            value={what}
            options={[
              { value: 'file', label: t('library.importFile') },
              { value: 'folder', label: t('library.importFolder') },
            ]}
            onValueChange={(importing) => {
              useLibrary.setState({ importing })
              changePath('')
            }}
          />
        </div>
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <TextField
              autoFocus
              label={t(what === 'file' ? 'library.filePath' : 'library.folderPath')}
              placeholder={t(what === 'file' ? 'library.fileExample' : 'library.folderExample')}
              value={path}
              onValueChange={changePath}
              onSubmit={() => void add()}
            />
          </div>
          {fileDialog && <Button onClick={() => void choose()}>{t('library.choose')}</Button>}
        </div>
        {problem && (
          <p role="alert" className="-mt-2 text-small wrap-anywhere">
            {problem}
          </p>
        )}
        <div className="flex flex-col gap-1">
          <div>{t('library.how')}</div>
          <div>
            <SegmentedField
              label={t('library.how')}
              value={how}
              options={hows.map((value) => ({ value, label: t(`library.hows.${value}`) }))}
              onValueChange={setHow}
            />
          </div>
          <p className="text-small text-secondary">
            {t(what === 'folder' && how === 'in-place' ? 'library.folderHint' : `library.howHint.${how}`)}
          </p>
        </div>
        {what === 'file' && uploadUrl && <Upload onUploadFiles={onUploadFiles} />}
      </div>
    </Dialog>
  )
}

function Upload({ onUploadFiles }: ImportDialogProps) {
  const { t } = useTranslation()
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line pt-4">
      <input
        ref={chooser}
        type="file"
        accept=".gguf"
        multiple
        hidden
        onChange={(event) => {
          onUploadFiles([...(event.target.files ?? [])])
          closeImport()
        }}
      />
      <Button onClick={() => chooser.current?.click()}>{t('library.upload')}</Button>
      <p className="min-w-40 flex-1 text-small text-secondary">{t('library.uploadHint')}</p>
    </div>
  )
}
