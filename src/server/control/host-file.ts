/**
 * `host.json` in the data folder: where the process that has the folder open can be reached by commands, and the
 * secret they show. Only the person who owns the folder can read it. A file without a living process is what a
 * killed host has left; whoever reads one finds nobody answering and goes on as if it were not there.
 */
import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const hostKinds = ['app', 'headless', 'serve', 'command'] as const

const hostRecordSchema = z.object({
  pid: z.number().int().positive(),
  /** `command`: a command of the command line that works by itself and ends with its work. */
  kind: z.enum(hostKinds),
  /** On 127.0.0.1. */
  port: z.number().int().min(1).max(65_535),
  token: z.string().min(1),
})
export type HostRecord = z.infer<typeof hostRecordSchema>
export type HostKind = HostRecord['kind']

const hostFilePath = (dataDirectory: string) => join(dataDirectory, 'host.json')

/** In one step: who reads it meanwhile sees the whole of one of the two. */
export async function writeHostFile(dataDirectory: string, record: HostRecord): Promise<void> {
  const path = hostFilePath(dataDirectory)
  const newPath = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(newPath, JSON.stringify(record), { mode: 0o600, flag: 'wx' })
    await rename(newPath, path)
  } catch (error) {
    await rm(newPath, { force: true })
    throw error
  }
}

/** null if there is none, or nothing that we wrote. */
export async function readHostFile(dataDirectory: string): Promise<HostRecord | null> {
  try {
    return hostRecordSchema.parse(JSON.parse(await readFile(hostFilePath(dataDirectory), 'utf8')))
  } catch {
    return null
  }
}

/** Only if it is still the one with this token. */
export async function removeHostFile(dataDirectory: string, token: string): Promise<void> {
  if ((await readHostFile(dataDirectory))?.token === token) await rm(hostFilePath(dataDirectory), { force: true })
}
