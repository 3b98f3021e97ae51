/** Which of the dialogs is open. Anyone may open one; features get these functions from the app. */
import { create } from 'zustand'

export type ExportTarget = { chatIds: string[] } | { folderId: string }

interface OpenDialogs {
  exporting: ExportTarget | null
  /** Files that were given already; an empty list asks for some. null = closed. */
  importing: File[] | null
}

export const useInterchange = create<OpenDialogs>(() => ({ exporting: null, importing: null }))

export function openExport(target: ExportTarget): void {
  useInterchange.setState({ exporting: target })
}

/** Asks for files, or looks at those that are given. */
export function openImport(files: File[] = []): void {
  useInterchange.setState({ importing: files })
}

export function closeExport(): void {
  useInterchange.setState({ exporting: null })
}

export function closeImport(): void {
  useInterchange.setState({ importing: null })
}
