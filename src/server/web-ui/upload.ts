/**
 * Takes a model file from a browser, whose page cannot name a path: `PUT /upload?name=…`. The bytes
 * go to `<name>.part` and get their name only when all are there, so a file with the right name is
 * always whole. Invariants: a name from outside never leaves the folder and never replaces a file;
 * a transfer that ends early leaves nothing.
 */
import { constants, createWriteStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppFailure } from '../../shared/lib/app-failure.ts'

const partEnding = '.part'
/** Linux and macOS take 255 bytes; room for ` (2)` and the ending of a part. */
const maxNameBytes = 230

/** Removes what a killed host left behind. Call it before the first upload. */
export async function removePartialUploads(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  await Promise.all(names.filter((name) => name.endsWith(partEnding)).map((name) => rm(join(directory, name))))
}

/**
 * Stores the request's body and returns the path of the file.
 * Throws AppFailure: UPLOAD_REFUSED (no usable name or length), NOT_GGUF, DISK_FULL.
 */
export async function receiveUpload(request: IncomingMessage, name: string, directory: string): Promise<string> {
  const fileName = safeFileName(name)
  const sizeBytes = Number(request.headers['content-length'])
  if (fileName === null || !Number.isSafeInteger(sizeBytes)) throw new AppFailure('UPLOAD_REFUSED', { name })
  await mkdir(directory, { recursive: true })
  const disk = await statfs(directory)
  if (sizeBytes > disk.bavail * disk.bsize) throw new AppFailure('DISK_FULL', { path: directory })

  const path = await claimPath(directory, fileName)
  const partPath = path + partEnding
  try {
    // The request stays open when the file is refused: the answer goes the same way.
    const chunks = request.iterator({ destroyOnReturn: false })
    await pipeline(onlyGguf(chunks, name), createWriteStream(partPath, { flush: true }))
    await rename(partPath, path)
    return path
  } catch (error) {
    await rm(partPath, { force: true })
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? new AppFailure('DISK_FULL', { path: directory }) : error
  }
}

/**
 * The last part of a path, without what Windows, macOS or Linux refuse in a name, and cut to their
 * length with its ending kept; null when nothing is left.
 */
export function safeFileName(name: string): string | null {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const cleaned = last.replace(/[\p{Cc}<>:"|?*]/gu, '_').replace(/[. ]+$/, '').replace(/^[. ]+/, '')
  const ending = extname(cleaned)
  let stem = cleaned.slice(0, cleaned.length - ending.length)
  // Names of devices on Windows, whatever their ending.
  if (/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem)) stem = `_${stem}`
  while (Buffer.byteLength(stem + ending) > maxNameBytes && stem !== '') stem = [...stem].slice(0, -1).join('')
  return stem === '' ? null : stem + ending
}

/** Creates the part of the first free name among `a.gguf`, `a (2).gguf`, … and returns the name's path. */
async function claimPath(directory: string, fileName: string): Promise<string> {
  const ending = extname(fileName)
  const stem = fileName.slice(0, fileName.length - ending.length)
  for (let count = 1; ; count++) {
    const path = join(directory, count === 1 ? fileName : `${stem} (${count})${ending}`)
    try {
      const part = await open(path + partEnding, 'wx')
      await part.close()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw error
    }
    if (!(await exists(path))) return path
    await rm(path + partEnding)
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}

/** The same chunks, but fails at the first bytes of anything that is no GGUF file instead of after gigabytes. */
async function* onlyGguf(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let start = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (start.length < 4) start = Buffer.concat([start, chunk]).subarray(0, 4)
    if (start.length === 4 && start.toString('latin1') !== 'GGUF') throw new AppFailure('NOT_GGUF', { path: name })
    yield chunk
  }
  if (start.length < 4) throw new AppFailure('NOT_GGUF', { path: name })
}
