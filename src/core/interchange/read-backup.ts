/**
 * Reads a backup of this app: its records are ours already, but its file may have been damaged or made up, so each is
 * checked.
 */
import { createHash } from 'node:crypto'
import { mostAttachmentBytes } from '../../shared/lib/attachment-limits.ts'
import { settingsSchema } from '../../shared/contract/settings.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { ImportRefused } from './import-refused.ts'
import type { ImportTarget } from './import-target.ts'
import { listOf, objectOf, textOf } from './loose-values.ts'
import type { LooseObject } from './loose-values.ts'
import { attachmentsFolder, backupFormat, backupVersion, manifestName, recordsName } from './own-formats.ts'
import { readChat } from './read-own-json.ts'
import { storedFolderSchema, storedPresetSchema, storedPromptVersionSchema } from './records.ts'
import type { ArchiveEntry } from './zip-archive.ts'

const mostLineCharacters = 400_000_000

export async function readBackup(
  entries: ArchiveEntry[],
  target: ImportTarget,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const manifest = await manifestOf(entries.find(({ name }) => name === manifestName))
  if (manifest['format'] !== backupFormat) throw new ImportRefused('unknown')
  target.format = 'yangtuo-backup'
  target.madeAt = typeof manifest['madeAt'] === 'number' ? manifest['madeAt'] : null
  if (Number(manifest['version']) > backupVersion) target.report({ name: '', code: 'newer-version', count: 1 })

  const totalBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 1)
  let doneBytes = 0
  const here = new Set<string>()
  for (const entry of entries) {
    if (!entry.name.startsWith(attachmentsFolder)) continue
    const text = await textOfEntry(entry)
    const id = entry.name.slice(attachmentsFolder.length)
    if (text === null || createHash('sha256').update(text).digest('hex') !== id) {
      target.report({ name: entry.name, code: 'damaged', count: 1 })
    } else {
      target.attachment(text)
      here.add(id)
    }
    onProgress(Math.min(1, (doneBytes += entry.sizeBytes) / totalBytes))
  }

  let damaged = 0
  let missing = 0
  try {
    for await (const line of linesOf(entries.find(({ name }) => name === recordsName)!)) {
      doneBytes += line.length
      onProgress(Math.min(1, doneBytes / totalBytes))
      const record = parsed(line)
      if (!record || !takeRecord(record)) damaged++
    }
  } catch (error) {
    if (error instanceof ImportRefused) throw error
    target.report({ name: '', code: 'cut-off', count: 1 })
  }
  if (damaged > 0) target.report({ name: '', code: 'damaged', count: damaged })
  if (missing > 0) target.report({ name: '', code: 'attachment-missing', count: missing })

  function takeRecord(record: LooseObject): boolean {
    switch (record['kind']) {
      case 'folder': {
        const { data } = storedFolderSchema.safeParse(record['folder'])
        if (data) target.add({ kind: 'folder', folder: data })
        return data !== undefined
      }
      case 'preset': {
        const { data } = storedPresetSchema.safeParse(record['preset'])
        if (data) target.add({ kind: 'preset', preset: data })
        return data !== undefined
      }
      case 'prompt-version': {
        const { data } = storedPromptVersionSchema.safeParse(record['version'])
        if (data) target.add({ kind: 'prompt-version', version: data })
        return data !== undefined
      }
      case 'settings':
        target.add({ kind: 'settings', settings: readSettings(objectOf(record['settings'])) })
        return true
      case 'chat': {
        const read = readChat({ ...objectOf(record['chat']), messages: listOf(record['messages']) })
        if (!read) return false
        const { chat, messages } = read.record
        if (read.damaged > 0) target.report({ name: chat.title, code: 'damaged', count: read.damaged })
        if (read.loose > 0) target.report({ name: chat.title, code: 'loose-messages', count: read.loose })
        missing += messages.flatMap(({ attachments }) => attachments).filter(({ id }) => !here.has(id)).length
        target.add(read.record)
        return true
      }
      default:
        return false
    }
  }
}

/** Those that are known and make sense. */
function readSettings(settings: LooseObject): Partial<Settings> {
  const read = Object.entries(settingsSchema.shape).flatMap(([name, schema]) => {
    const { success, data } = schema.safeParse(settings[name])
    return success ? [[name, data]] : []
  })
  return Object.fromEntries(read)
}

async function manifestOf(entry: ArchiveEntry | undefined): Promise<LooseObject> {
  return objectOf(entry && parsed((await textOfEntry(entry)) ?? ''))
}

/** null where the archive is damaged there, or the text is longer than any attachment. */
async function textOfEntry(entry: ArchiveEntry): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of entry.read()) {
      if ((bytes += chunk.length) > mostAttachmentBytes) return null
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof ImportRefused) throw error
    return null
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function* linesOf(entry: ArchiveEntry): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const pieces: string[] = []
  let characters = 0
  for await (const chunk of entry.read()) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n')
    for (const piece of lines.slice(0, -1)) {
      pieces.push(piece)
      const line = pieces.splice(0).join('')
      characters = 0
      if (textOf(line).trim()) yield line
    }
    const rest = lines.at(-1)!
    if ((characters += rest.length) > mostLineCharacters) throw new ImportRefused('refused')
    pieces.push(rest)
  }
  const line = pieces.join('')
  if (line.trim()) yield line
}

function parsed(text: string): LooseObject | null {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return null
  }
}
