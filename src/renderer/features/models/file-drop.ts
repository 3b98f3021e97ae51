import { create } from 'zustand'
import { looksBinary, offerTextFiles } from '../../lib/text-file-taker.ts'
import { addFiles } from './incoming-files.ts'
import type { Dropped } from './incoming-files.ts'

/** Whether files are held over the window. */
export const useFileDrop = create<{ over: boolean }>(() => ({ over: false }))

/** From here on, files dropped anywhere on the window are added. Before it, a browser would open them in our place. */
export function acceptFileDrops(): void {
  // Entering a child comes before leaving its parent, so the two are counted.
  let depth = 0
  const setDepth = (next: number) => {
    depth = Math.max(0, next)
    useFileDrop.setState({ over: depth > 0 })
  }
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

  window.addEventListener('dragenter', (event) => {
    if (hasFiles(event)) setDepth(depth + 1)
  })
  window.addEventListener('dragleave', (event) => {
    if (hasFiles(event)) setDepth(depth - 1)
  })
  window.addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault()
  })
  window.addEventListener('drop', (event) => {
    setDepth(0)
    if (!event.dataTransfer || !hasFiles(event)) return
    event.preventDefault()
    const dropped = droppedFiles(event.dataTransfer)
    if (dropped.length > 0) void take(dropped)
  })
}

/** Texts go to who takes them; everything else, and texts that nobody takes, is looked at as a model. */
async function take(dropped: Dropped[]): Promise<void> {
  const binary = await Promise.all(
    dropped.map(async (file) => !(file instanceof File) || looksBinary(file).catch(() => true)),
  )
  const texts = dropped.filter((_, index): _ is File => !binary[index])
  const isTaken = offerTextFiles(texts)
  const models = isTaken ? dropped.filter((_, index) => binary[index]) : dropped
  if (models.length > 0) await addFiles(models)
}

function droppedFiles(transfer: DataTransfer): Dropped[] {
  return [...transfer.items].flatMap((item): Dropped[] => {
    if (item.kind !== 'file') return []
    const entry = item.webkitGetAsEntry()
    if (entry?.isDirectory) return [{ folderName: entry.name }]
    const file = item.getAsFile()
    return file ? [file] : []
  })
}
