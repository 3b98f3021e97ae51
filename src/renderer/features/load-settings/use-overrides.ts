import type { LoadOverrides, LoadSettings } from '../../../shared/contract/load-settings.ts'
import { defaultLoadSettings } from '../../../shared/lib/default-load-settings.ts'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'

export type SettingName = keyof LoadSettings

export interface Overrides {
  /** What applies: what the person set, else the default. */
  settings: LoadSettings
  /** What the person set. */
  overrides: LoadOverrides
  set: <Name extends SettingName>(name: Name, value: LoadSettings[Name]) => void
  /** undefined where the default applies already. */
  resetOf: (...names: SettingName[]) => (() => void) | undefined
  resetAll: () => void
  /** Resolves when the host has what is shown; rejects, after telling the person, when it does not take it. */
  save: () => Promise<void>
}

/** A model's load settings as they are being edited. Give the component the model's id as its key. */
export function useOverrides(modelId: string, saved: LoadOverrides): Overrides {
  async function save(loadOverrides: LoadOverrides) {
    try {
      await client.models.saveLoadOverrides({ modelId, loadOverrides })
    } catch (error) {
      showFailure(error)
      throw error
    }
  }
  const { value: overrides, change } = useSavedEdit(saved, save)
  return {
    settings: { ...defaultLoadSettings, ...overrides },
    overrides,
    set: (name, value) =>
      change(
        isSame(value, defaultLoadSettings[name]) ? without(overrides, [name]) : { ...overrides, [name]: value },
      ),
    resetOf: (...names) =>
      names.some((name) => overrides[name] !== undefined) ? () => change(without(overrides, names)) : undefined,
    resetAll: () => change({}),
    save: () => save(overrides),
  }
}

function without(overrides: LoadOverrides, names: SettingName[]): LoadOverrides {
  return Object.fromEntries(Object.entries(overrides).filter(([name]) => !names.includes(name as SettingName)))
}

/** Whether loading with the one would be loading with the other. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
