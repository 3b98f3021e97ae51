import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Folder } from '../../../shared/contract/folders.ts'
import type { Preset } from '../../../shared/contract/presets.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SegmentedField } from '../../components/segmented-field.tsx'
import { Select } from '../../components/select.tsx'
import { TextField } from '../../components/text-field.tsx'
import { saveFolder, useFolders } from '../../lib/folders-store.ts'
import { useModels } from '../../lib/models-store.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { renameFolder } from './folder-actions.ts'
import { closeDialog, useList } from './list-store.ts'

interface FolderDialogProps {
  presets: readonly Pick<Preset, 'id' | 'name'>[]
  sampling?: (folder: Folder) => ReactNode
}

/** What a folder gives to the chats in it. All is saved as it is changed. */
export function FolderDialog(props: FolderDialogProps) {
  const dialog = useList((state) => state.dialog)
  const folders = useFolders((state) => state.folders)
  const folder = dialog?.kind === 'folder' && folders?.find(({ id }) => id === dialog.folderId)
  return folder ? <FolderSettings key={folder.id} folder={folder} {...props} /> : null
}

function FolderSettings({ folder, presets, sampling }: FolderDialogProps & { folder: Folder }) {
  const { t } = useTranslation()
  const [name, setName] = useState(folder.name)
  const models = useModels((state) => state.models)
  const rename = () => void renameFolder(folder, name)
  const save = (changes: Partial<Folder>) => void saveFolder(folder.id, changes).catch(() => {})
  function close() {
    rename()
    closeDialog()
  }
  const presetOptions = [
    { value: '', label: t('folders.noPreset') },
    ...presets.map(({ id, name }) => ({ value: id, label: name })),
  ]
  const modelOptions = [
    { value: '', label: t('folders.defaultModel') },
    ...[...(models?.values() ?? [])].map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <Dialog
      open
      onClose={close}
      title={t('folders.settingsOf', { name: folder.name })}
      footer={
        <Button look="primary" onClick={close}>
          {t('common.close')}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-secondary">{t('folders.settingsHint')}</p>
        <TextField
          label={t('folders.name')}
          value={name}
          maxLength={200}
          onValueChange={setName}
          onBlur={rename}
          onSubmit={rename}
        />
        <SystemPrompt folder={folder} />
        <Field label={t('folders.preset')}>
          <Select
            label={t('folders.preset')}
            value={presetOptions.some(({ value }) => value === folder.presetId) ? folder.presetId! : ''}
            options={presetOptions}
            onValueChange={(id) => save({ presetId: id || null })}
            className="w-full"
          />
        </Field>
        <Field label={t('folders.model')}>
          <Select
            label={t('folders.model')}
            value={modelOptions.some(({ value }) => value === folder.modelId) ? folder.modelId! : ''}
            options={modelOptions}
            onValueChange={(id) => save({ modelId: id || null })}
            className="w-full"
          />
        </Field>
        {sampling && (
          <section>
            <h3 className="pb-2 font-semibold">{t('folders.sampling')}</h3>
            {sampling(folder)}
          </section>
        )}
      </div>
    </Dialog>
  )
}

/** The control says its label itself. */
function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <span aria-hidden>{label}</span>
      {children}
    </div>
  )
}

function SystemPrompt({ folder }: { folder: Folder }) {
  const { t } = useTranslation()
  const { value, change, flush } = useSavedEdit(folder.systemPrompt, (systemPrompt) =>
    saveFolder(folder.id, { systemPrompt }),
  )
  const keys = useTextInputKeys({})
  const isOwn = value !== null
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span aria-hidden className="flex-1 whitespace-nowrap">
          {t('folders.systemPrompt')}
        </span>
        <SegmentedField
          label={t('folders.systemPrompt')}
          value={isOwn ? 'own' : 'above'}
          options={[
            { value: 'above', label: t('folders.promptAsAbove') },
            { value: 'own', label: t('folders.promptOwn') },
          ]}
          onValueChange={(choice) => {
            change(choice === 'own' ? '' : null)
            flush()
          }}
        />
      </div>
      {isOwn && (
        <textarea
          aria-label={t('folders.systemPrompt')}
          rows={4}
          maxLength={200_000}
          value={value}
          onChange={(event) => change(event.target.value)}
          onBlur={flush}
          {...keys}
          className="field-sizing-content max-h-80 min-h-21 w-full resize-none rounded-control border border-line
            bg-page px-2.5 py-1.5 leading-relaxed outline-none focus:border-accent"
        />
      )}
      <p className="text-small text-secondary">{t(isOwn ? 'folders.promptOwnHint' : 'folders.promptAsAboveHint')}</p>
    </div>
  )
}
