import { ChevronDown, FolderOpen } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { useCapabilities } from '../../lib/capabilities-store.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { addProblem, importPath, loadModel, setPickerOpen, unloaded, useModels } from '../../lib/models-store.ts'
import { moveByArrowKeys } from '../../lib/move-by-arrow-keys.ts'
import { ModelRow } from './model-row.tsx'
import { OpenFileDialog } from './open-file-dialog.tsx'

interface ModelPickerProps {
  /** What answers in the open chat. */
  model: Model | null
  /** A model was chosen from the list; it is being loaded. */
  onChoose: (modelId: string) => void
}

/** Names the chat's model, and opens the list of all. */
export function ModelPicker({ model, onChoose }: ModelPickerProps) {
  const { t } = useTranslation()
  const open = useModels(({ pickerOpen }) => pickerOpen)
  const [asking, setAsking] = useState(false)
  const fileDialog = useCapabilities((state) => state.fileDialog)

  async function openFile() {
    setPickerOpen(false)
    if (!fileDialog) return setAsking(true)
    try {
      const path = await client.models.pickFile()
      if (path) choose((await importPath(path)).id)
    } catch (error) {
      addProblem({ failure: failureOf(error) })
    }
  }

  function choose(modelId: string) {
    setPickerOpen(false)
    onChoose(modelId)
    void loadModel(modelId)
  }

  return (
    <>
      <Popover.Root open={open} onOpenChange={setPickerOpen}>
        <Popover.Trigger asChild>
          <button
            type="button"
            title={t('models.choose')}
            className="window-drag-none flex h-8 min-w-0 items-center gap-1.5 rounded-control px-2.5 hover:bg-hover
              data-[state=open]:bg-hover"
          >
            {model ? (
              <>
                <span className="truncate font-semibold">{model.name}</span>
                <span className="text-small text-secondary">{model.quantization}</span>
              </>
            ) : (
              <span className="truncate text-secondary">{t('models.noModel')}</span>
            )}
            <ChevronDown aria-hidden className="size-4 shrink-0 text-secondary" strokeWidth={1.75} />
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            aria-label={t('models.models')}
            sideOffset={6}
            collisionPadding={12}
            className="z-30 flex max-h-[min(70vh,var(--radix-popover-content-available-height))] w-100
              max-w-[calc(100vw-2rem)] animate-appear flex-col rounded-surface border border-line bg-float
              shadow-float outline-none"
          >
            <ModelList onChoose={choose} />
            <div className="border-t border-line p-1.5">
              <button
                type="button"
                onClick={() => void openFile()}
                className="flex h-9 w-full items-center gap-2.5 rounded-control px-2.5 hover:bg-hover"
              >
                <FolderOpen aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
                {t('models.openFile')}
              </button>
            </div>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {asking && <OpenFileDialog onClose={() => setAsking(false)} onChoose={choose} />}
    </>
  )
}

function ModelList({ onChoose }: { onChoose: (modelId: string) => void }) {
  const { t } = useTranslation()
  const models = useModels((state) => state.models)
  const loads = useModels((state) => state.loads)
  // The latest used first, so the list does not jump while something loads.
  const listed = [...(models?.values() ?? [])].sort(
    (a, b) => (b.lastUsedAt ?? b.addedAt) - (a.lastUsedAt ?? a.addedAt),
  )
  if (listed.length === 0) return <p className="px-4 py-4 text-secondary">{t('models.empty')}</p>
  return (
    <ul onKeyDown={moveByArrowKeys} className="min-h-0 flex-1 overflow-y-auto p-1.5">
      {listed.map((model) => (
        <ModelRow key={model.id} model={model} load={loads[model.id] ?? unloaded} onChoose={onChoose} />
      ))}
    </ul>
  )
}
