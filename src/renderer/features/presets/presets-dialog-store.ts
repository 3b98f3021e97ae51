import { create } from 'zustand'

/** Whether the library of presets is open, and on which one. */
export const usePresetsDialog = create<{ open: boolean; presetId: string | null }>(() => ({ open: false, presetId: null }))

export function openPresets(presetId: string | null = null): void {
  usePresetsDialog.setState({ open: true, presetId })
}

export function choosePreset(presetId: string | null): void {
  usePresetsDialog.setState({ presetId })
}

export function closePresets(): void {
  usePresetsDialog.setState({ open: false })
}
