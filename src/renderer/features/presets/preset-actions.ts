import i18next from 'i18next'
import type { Preset } from '../../../shared/contract/presets.ts'
import { client } from '../../lib/client.ts'
import { saveFile } from '../../lib/save-file.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'
import { choosePreset, openPresets } from './presets-dialog-store.ts'

type PresetContent = Pick<Preset, 'name' | 'systemPrompt' | 'sampling'>

/** Makes a preset and opens the library on it. */
export async function createPreset({ name, systemPrompt, sampling }: PresetContent): Promise<void> {
  try {
    const preset = await client.presets.create({ name, systemPrompt, sampling })
    openPresets(preset.id)
  } catch (error) {
    showFailure(error)
  }
}

/** Rejects, after telling the person, when it was not saved. */
export async function savePreset(presetId: string, changes: Partial<PresetContent>): Promise<void> {
  try {
    await client.presets.update({ presetId, ...changes })
  } catch (error) {
    showFailure(error)
    throw error
  }
}

/** Deletes it and offers to take that back. */
export async function deletePreset(presetId: string): Promise<void> {
  try {
    const preset = await client.presets.delete({ presetId })
    choosePreset(null)
    showToast({
      text: i18next.t('presets.deleted', { name: preset.name }),
      action: {
        label: i18next.t('common.undo'),
        run: () => {
          client.presets.undelete({ preset }).catch(showFailure)
        },
      },
    })
  } catch (error) {
    showFailure(error)
  }
}

export async function exportPresets(presets: readonly Preset[], name: string): Promise<void> {
  try {
    const text = await client.presets.export({ presetIds: presets.map(({ id }) => id) })
    saveFile(`${name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim() || 'presets'}.json`, new Blob([text], { type: 'application/json' }))
  } catch (error) {
    showFailure(error)
  }
}

export async function importPresets(files: Iterable<File>): Promise<void> {
  try {
    const imported: Preset[] = []
    for (const file of files) {
      imported.push(...(await client.presets.import({ fileName: file.name, text: await file.text() })))
    }
    choosePreset(imported.at(-1)?.id ?? null)
    showToast({ text: i18next.t('presets.imported', { count: imported.length }) })
  } catch (error) {
    showFailure(error)
  }
}
