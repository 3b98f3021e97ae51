import { lazy } from 'react'

export type { Command, CommandGroup } from './match-commands.ts'
export { openPalette, openShortcuts, usePalette } from './palette-store.ts'
export { ShortcutSheet } from './shortcut-sheet.tsx'
export type { ShortcutGroup } from './shortcut-sheet.tsx'

/** Loaded when it is first opened. */
export const Palette = lazy(() => import('./palette.tsx'))
