import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { failureOf } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { importPath } from '../../lib/models-store.ts'
import { typedPath } from '../../lib/typed-path.ts'
import { addFiles } from './incoming-files.ts'

interface OpenFileDialogProps {
  onClose: () => void
  onChoose: (modelId: string) => void
}

/** Where the host has no dialog of the system: a file to send over, or a path on the host's machine. */
export function OpenFileDialog({ onClose, onChoose }: OpenFileDialogProps) {
  const { t } = useTranslation()
  const chooser = useRef<HTMLInputElement>(null)
  const [path, setPath] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [looking, setLooking] = useState(false)

  async function open() {
    if (!typedPath(path) || looking) return
    setLooking(true)
    setError(null)
    try {
      const model = await importPath(typedPath(path))
      onClose()
      onChoose(model.id)
    } catch (error) {
      setError(failureSentence(t, failureOf(error)))
      setLooking(false)
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={t('models.openTitle')}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={!typedPath(path) || looking} onClick={() => void open()}>
            {looking ? t('models.looking') : t('models.open')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField
          autoFocus
          label={t('models.path')}
          placeholder={t('models.pathExample')}
          value={path}
          onValueChange={(path) => {
            setPath(path)
            setError(null)
          }}
          onSubmit={() => void open()}
          error={error}
        />
        <div className="flex items-center gap-3">
          <input
            ref={chooser}
            type="file"
            accept=".gguf"
            multiple
            hidden
            onChange={(event) => {
              void addFiles([...(event.target.files ?? [])])
              onClose()
            }}
          />
          <Button onClick={() => chooser.current?.click()}>{t('models.chooseFile')}</Button>
          <p className="min-w-0 flex-1 text-small text-secondary">{t('models.chooseFileHint')}</p>
        </div>
      </div>
    </Dialog>
  )
}
