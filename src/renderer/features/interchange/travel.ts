/** Files between the window and its host, in pieces; neither keeps more than one of them in memory. */
import type { MadeFile } from '../../../shared/contract/interchange.ts'
import { pieceBytes } from '../../../shared/lib/file-pieces.ts'
import { client } from '../../lib/client.ts'

type OnProgress = (fraction: number) => void

/** Takes a made file over and has the host delete its copy. Large pieces are on disk: the browser sees to that. */
export async function fetchFile(file: MadeFile, onProgress: OnProgress, signal: AbortSignal): Promise<Blob> {
  const pieces: Blob[] = []
  let bytes = 0
  try {
    while (bytes < file.sizeBytes) {
      signal.throwIfAborted()
      const piece = await client.interchange.read({ fileId: file.fileId, offset: bytes }, { signal })
      if (piece.size === 0) break
      pieces.push(piece)
      onProgress((bytes += piece.size) / file.sizeBytes)
    }
    return new Blob(pieces, { type: file.mediaType })
  } finally {
    releaseFile(file.fileId)
  }
}

/** Returns the id of the file on the host. */
export async function sendFile(file: File, onProgress: OnProgress, signal: AbortSignal): Promise<string> {
  const { fileId } = await client.interchange.open({ name: file.name, sizeBytes: file.size }, { signal })
  try {
    for (let bytes = 0; bytes < file.size; bytes += pieceBytes) {
      await client.interchange.write({ fileId, bytes: file.slice(bytes, bytes + pieceBytes) }, { signal })
      onProgress(Math.min(1, (bytes + pieceBytes) / file.size))
    }
    return fileId
  } catch (error) {
    releaseFile(fileId)
    throw error
  }
}

/** The host would find out by itself, an hour later. */
export function releaseFile(fileId: string): void {
  client.interchange.close({ fileId }).catch(() => {})
}
