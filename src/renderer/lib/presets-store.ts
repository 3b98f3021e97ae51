import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import { create } from 'zustand'
import type { Preset } from '../../shared/contract/presets.ts'
import { client } from './client.ts'
import { follow } from './follow.ts'
import type { presets as words } from './i18n/en/presets.ts'

/** All presets, as the host tells them; empty until it has. */
const useStoredPresets = create<{ presets: readonly Preset[] }>(() => ({ presets: [] }))

export function followPresets(signal: AbortSignal): Promise<void> {
  return follow(
    (signal) => client.presets.watch(undefined, { signal }),
    (presets) => useStoredPresets.setState({ presets }),
    signal,
  )
}

/** Those of the app first, with their names in the window's language. */
export function usePresets(): readonly Preset[] {
  const { t } = useTranslation()
  const presets = useStoredPresets((state) => state.presets)
  return useMemo(() => presets.map((preset) => ({ ...preset, name: presetName(t, preset) })), [presets, t])
}

type BuiltInName = keyof (typeof words)['builtIn']

function presetName(t: TFunction, { id, name, isBuiltIn }: Preset): string {
  return isBuiltIn ? t(`presets.builtIn.${id.slice('app:'.length) as BuiltInName}`, name) : name
}
