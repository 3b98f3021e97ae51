import { ChevronDown, Compass, FolderOpen } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { useCapabilities } from '../../lib/capabilities-store.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { addProblem, importPath, loadModel, setPickerOpen, unloaded, useModels } from '../../lib/models-store.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { moveByArrowKeys } from '../../lib/move-by-arrow-keys.ts'
import { ModelRow } from './model-row.tsx'
import { OpenFileDialog } from './open-file-dialog.tsx'
import { usePickerFits } from './use-picker-fits.ts'

/** Where there are more, a field to find one by its name. */
const fewModels = 7
/** Nobody looks through more than these; the rest is found by name. */
const mostListed = 50

interface ModelPickerProps {
  /** What answers in the open chat. */
  model: Model | null
  /** A model was chosen from the list; it is being loaded. */
  onChoose: (modelId: string) => void
  /** Goes to where models are found. */
  onDiscover: () => void
}

/** Names the chat's model, and opens the list of all. */
export function ModelPicker({ model, onChoose, onDiscover }: ModelPickerProps) {
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
    void loadModel(modelId, { instead: true })
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
              <PickerAction icon={FolderOpen} onClick={() => void openFile()}>
                {t('models.openFile')}
              </PickerAction>
              <PickerAction
                icon={Compass}
                onClick={() => {
                  setPickerOpen(false)
                  onDiscover()
                }}
              >
                {t('models.discover')}
              </PickerAction>
            </div>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {asking && <OpenFileDialog onClose={() => setAsking(false)} onChoose={choose} />}
    </>
  )
}

interface PickerActionProps {
  icon: LucideIcon
  onClick: () => void
  children: ReactNode
}

function PickerAction({ icon: Icon, onClick, children }: PickerActionProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex h-9 w-full items-center gap-2.5 rounded-control px-2.5 hover:bg-hover"
    >
      <Icon aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
      {children}
    </button>
  )
}

function ModelList({ onChoose }: { onChoose: (modelId: string) => void }) {
  const { t } = useTranslation()
  const models = useModels((state) => state.models)
  const loads = useModels((state) => state.loads)
  const [wanted, setWanted] = useState('')
  const all = useMemo(() => [...(models?.values() ?? [])].filter(isChoosable).sort(latestFirst), [models])
  const words = wanted.toLowerCase()
  const listed = all
    .filter(({ name, fileName }) => `${name} ${fileName}`.toLowerCase().includes(words))
    .slice(0, mostListed)
  const fits = usePickerFits(listed)
  if (all.length === 0) return <p className="px-4 py-4 text-secondary">{t('models.empty')}</p>
  return (
    <>
      {all.length > fewModels && <Filter value={wanted} onValueChange={setWanted} />}
      <ul onKeyDown={moveByArrowKeys} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {listed.map((model) => (
          <ModelRow
            key={model.id}
            model={model}
            load={loads[model.id] ?? unloaded}
            fit={fits.get(model.id)}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {listed.length === 0 && <p className="px-4 pb-4 text-secondary">{t('models.noMatch')}</p>}
    </>
  )
}

function Filter({ value, onValueChange }: { value: string; onValueChange: (value: string) => void }) {
  const { t } = useTranslation()
  const keys = useTextInputKeys({ onCancel: value === '' ? undefined : () => onValueChange('') })
  return (
    <div className="border-b border-line p-1.5">
      <input
        aria-label={t('models.find')}
        placeholder={t('models.find')}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        className="h-8 w-full rounded-control bg-transparent px-2.5 outline-none"
        {...keys}
      />
    </div>
  )
}

function isChoosable({ type, isPresent }: Model): boolean {
  return type === 'model' && isPresent
}

/** So the list does not jump while something loads. */
function latestFirst(a: Model, b: Model): number {
  return (b.lastUsedAt ?? b.addedAt) - (a.lastUsedAt ?? a.addedAt)
}
