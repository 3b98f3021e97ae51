/** Who takes text files that are dropped on the window: the composer, while it is there. */
type Taker = (files: File[]) => void

let taker: Taker | null = null

/** Returns what gives the place back. */
export function takeTextFiles(next: Taker): () => void {
  taker = next
  return () => {
    if (taker === next) taker = null
  }
}

/** false where nobody takes it. */
export function offerTextFiles(files: File[]): boolean {
  if (files.length > 0) taker?.(files)
  return taker !== null
}

/** What says `no` may still be no text. A file that names itself a model is one, whatever is in it. */
export async function looksBinary(file: File): Promise<boolean> {
  if (/\.gguf$/i.test(file.name)) return true
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer())
  const hasMark = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  return head.length === 0 || (head.includes(0) && !hasMark)
}
