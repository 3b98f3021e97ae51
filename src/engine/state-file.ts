/**
 * A KV state on disk: what llama.cpp writes, then (it reads no further than its own) what we know of it, and a
 * trailer that proves that the file is ours and whole. llama.cpp trusts what it reads and may abort the process on
 * anything else, so it is given no other file. A file has its name only when it is complete.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

const magic = 'YTSTATE1'
/** Length of the facts, checksum of all before the trailer, magic. */
const trailerLength = 16
const chunkBytes = 4 * 1024 * 1024

/** Replaces the file at `path`; `writeState` writes llama.cpp's part to the path it is given. Returns the bytes of the file. */
export async function writeStateFile(
  path: string,
  facts: unknown,
  writeState: (path: string) => Promise<unknown>,
): Promise<number> {
  const partPath = `${path}.part`
  try {
    await writeState(partPath)
    const sizeBytes = await append(partPath, Buffer.from(JSON.stringify(facts)))
    await rename(partPath, path)
    return sizeBytes
  } catch (error) {
    await rm(partPath, { force: true })
    throw error
  }
}

async function append(path: string, facts: Buffer): Promise<number> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const trailer = Buffer.alloc(trailerLength)
    trailer.writeUInt32LE(facts.length, 0)
    trailer.writeUInt32LE(crc32(facts, await checksum(file, size)), 4)
    trailer.write(magic, 8, 'latin1')
    await file.write(facts, 0, facts.length, size)
    await file.write(trailer, 0, trailerLength, size + facts.length)
    return size + facts.length + trailerLength
  } finally {
    await file.close()
  }
}

/** What was said of the state; null for a file that is not ours. Only the end of the file is read. */
export async function readStateFacts(path: string): Promise<unknown> {
  const file = await open(path, 'r')
  try {
    const trailer = await readTrailer(file)
    if (!trailer) return null
    const facts = Buffer.alloc(trailer.factsLength)
    await file.read(facts, 0, facts.length, trailer.start - facts.length)
    return JSON.parse(facts.toString())
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  } finally {
    await file.close()
  }
}

/** Whether every byte is as it was written. Reads the whole file. */
export async function isStateWhole(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const trailer = await readTrailer(file)
    return trailer !== null && (await checksum(file, trailer.start)) === trailer.checksum
  } finally {
    await file.close()
  }
}

async function readTrailer(file: FileHandle) {
  const { size } = await file.stat()
  const start = size - trailerLength
  if (start <= 0) return null
  const trailer = Buffer.alloc(trailerLength)
  await file.read(trailer, 0, trailerLength, start)
  const factsLength = trailer.readUInt32LE(0)
  if (trailer.toString('latin1', 8) !== magic || factsLength > start) return null
  return { start, factsLength, checksum: trailer.readUInt32LE(4) }
}

async function checksum(file: FileHandle, length: number): Promise<number> {
  const chunk = Buffer.alloc(Math.min(chunkBytes, length))
  let value = 0
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, length - at), at)
    if (bytesRead === 0) break
    value = crc32(chunk.subarray(0, bytesRead), value)
    at += bytesRead
  }
  return value
}
