import { useEffect, useState } from 'react'
import { addFiles } from './incoming-files.ts'
import type { Dropped } from './incoming-files.ts'

/** Takes files dropped anywhere on the window. True while files are held over it. */
export function useFileDrop(): boolean {
  const [over, setOver] = useState(false)

  useEffect(() => {
    // Entering a child comes before leaving its parent, so the two are counted.
    let depth = 0
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    function enter(event: DragEvent) {
      if (!hasFiles(event)) return
      depth++
      setOver(true)
    }
    function leave(event: DragEvent) {
      if (!hasFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    function allow(event: DragEvent) {
      if (hasFiles(event)) event.preventDefault()
    }
    function drop(event: DragEvent) {
      depth = 0
      setOver(false)
      if (!event.dataTransfer || !hasFiles(event)) return
      event.preventDefault()
      const dropped = droppedFiles(event.dataTransfer)
      if (dropped.length > 0) void addFiles(dropped)
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('dragover', allow)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('dragover', allow)
      window.removeEventListener('drop', drop)
    }
  }, [])

  return over
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
