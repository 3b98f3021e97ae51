import type { TFunction } from 'i18next'
import type { ValueSource } from '../../../shared/lib/chat-values.ts'

/** Where a value comes from, in words. */
export function valueSourceText(t: TFunction, { level, name, presetName }: ValueSource): string {
  if (presetName === null) return t(`presets.from.${level}`, { name })
  if (level === 'folder') return t('presets.from.folderPreset', { name, preset: presetName })
  return t(level === 'model' ? 'presets.from.modelPreset' : 'presets.from.preset', { preset: presetName })
}
