import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import type { Model } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatSize } from '../../lib/i18n/format.ts'
import { useModels } from '../../lib/models-store.ts'

const useTrashDialog = create<{ modelId: string | null }>(() => ({ modelId: null }))

export const askToTrash = (modelId: string) => useTrashDialog.setState({ modelId })

/** Asks before a model's files go to the trash; of files that are not ours to delete it says why not. */
export function TrashDialog() {
  const modelId = useTrashDialog((state) => state.modelId)
  const model = useModels(({ models }) => (modelId && models?.get(modelId)) || null)
  const close = () => useTrashDialog.setState({ modelId: null })
  if (!model) return null
  const mayDelete = model.source === 'file' || model.source === 'download' || model.source === 'folder'
  return mayDelete ? <Question key={model.id} model={model} onClose={close} /> : <Refusal model={model} onClose={close} />
}

interface TrashProps {
  model: Model
  onClose: () => void
}

function Question({ model, onClose }: TrashProps) {
  const { t } = useTranslation()
  const isLoaded = useModels(({ loads }) => loads[model.id]?.state === 'ready')
  const [moving, setMoving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function trash() {
    setMoving(true)
    setProblem(null)
    try {
      await client.models.trash({ modelId: model.id })
      onClose()
    } catch (error) {
      setProblem(failureSentence(t, failureOf(error)))
      setMoving(false)
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={t('library.trashTitle', { name: model.name })}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={moving} onClick={() => void trash()}>
            {t('library.trashConfirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2">
        <p>{t('library.trashFiles', { count: model.partCount, size: formatSize(model.sizeBytes) })}</p>
        <p className="font-mono text-small wrap-anywhere">{model.path}</p>
        {isLoaded && <p>{t('library.trashLoaded')}</p>}
        {problem && (
          <p role="alert" className="wrap-anywhere">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function Refusal({ model, onClose }: TrashProps) {
  const { t } = useTranslation()
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('library.readOnlyTitle', { name: model.name })}
      footer={
        <Button look="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
    >
      <p>
        {model.source === 'bundled'
          ? t('library.readOnlyBundled')
          : t('library.readOnlyOther', { app: t(`library.sources.${model.source}`) })}
      </p>
      <p className="pt-2 font-mono text-small wrap-anywhere">{model.path}</p>
    </Dialog>
  )
}
