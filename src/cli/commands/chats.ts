import { open as openFile, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Chat } from '../../shared/contract/chats.ts'
import type { ExportFormat, MadeFile } from '../../shared/contract/interchange.ts'
import { fill } from '../../shared/texts/fill.ts'
import { formatSize } from '../../shared/texts/format.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes } from '../command-failure.ts'
import { bar, ProgressLine } from '../progress-line.ts'
import { table } from '../table.ts'
import { timeText } from '../time-text.ts'
import { withClient } from '../with-client.ts'

/** As many characters of an id as a person is shown: the random ones at its end. */
const shortIdLength = 8

export async function listChats(context: CommandContext): Promise<void> {
  const chats = await withClient(context, allChats)
  if (context.isJson) return context.printJson(chats)
  const { chats: texts } = context.texts
  if (chats.length === 0) return context.note(texts.none)
  const rows = chats.map(({ id, title, updatedAt }) => [shortId(id), timeText(updatedAt), oneLine(title || texts.words.untitled)])
  context.print(table([texts.head.split('|'), ...rows]))
}

export async function searchChats(context: CommandContext, query: string, limit: number): Promise<void> {
  const { hits, hasMore } = await withClient(context, (client) => client.search.find({ query, limit }))
  if (context.isJson) return context.printJson({ hits, hasMore })
  const { chats: texts } = context.texts
  if (hits.length === 0) context.note(fill(texts.nothingFound, { query }))
  for (const { chatId, chatTitle, message } of hits) {
    const title = `${shortId(chatId)}  ${oneLine(chatTitle || texts.words.untitled)}`
    context.print(message ? `${title}\n    ${timeText(message.createdAt)}  ${message.excerpt}` : title)
  }
  if (hasMore) context.note(texts.more)
}

export interface ExportOptions {
  all?: boolean
  format: ExportFormat
  /** `-` = stdout; without, a file with the export's own name in the working directory. */
  output?: string
  activeBranch?: boolean
}

export async function exportChats(context: CommandContext, names: string[], options: ExportOptions): Promise<void> {
  const { texts } = context
  if ((names.length > 0) === Boolean(options.all)) throw new CommandFailure(texts.chats.which, exitCodes.wrongUse)
  await withClient(context, async (client) => {
    const chats = await allChats(client)
    const chosen = options.all ? chats : names.map((name) => chatCalled(context, chats, name))
    if (chosen.length === 0) throw new CommandFailure(texts.chats.none)
    const file = await makeFile(context, client, chosen, options)
    try {
      const path = await saveFile(context, client, file, options.output)
      if (path === null) return
      if (context.isJson) context.printJson({ path, chatCount: file.chatCount, sizeBytes: file.sizeBytes })
      else context.print(fill(texts.chats.exported, { path, size: formatSize(context.language, file.sizeBytes) }))
    } finally {
      await client.interchange.close({ fileId: file.fileId }).catch(() => {})
    }
  })
}

/** Those that are not in the trash, newest first. */
async function allChats(client: HostClient): Promise<Chat[]> {
  for await (const event of await client.chats.watch()) {
    if (event.type === 'chats') return event.chats
  }
  return []
}

/** By the beginning or the end of its id, or its whole title. */
function chatCalled({ texts }: CommandContext, chats: Chat[], name: string): Chat {
  const byId = name.length >= 4 ? chats.filter(({ id }) => id.startsWith(name) || id.endsWith(name)) : []
  const found = byId.length > 0 ? byId : chats.filter(({ title }) => title === name)
  if (found.length === 1) return found[0]!
  throw new CommandFailure(fill(found.length > 1 ? texts.chats.several : texts.chats.unknown, { name }))
}

async function makeFile(
  context: CommandContext,
  client: HostClient,
  chats: Chat[],
  { format, activeBranch }: ExportOptions,
): Promise<MadeFile> {
  const { language, texts, signal } = context
  const line = new ProgressLine()
  const of = { chatIds: chats.map(({ id }) => id) }
  const words = { language, ...texts.chats.words }
  try {
    const events = await client.interchange.export({ of, format, allBranches: !activeBranch, words }, { signal })
    for await (const event of events) {
      if (event.type === 'file') return event.file
      line.update(bar(event.fraction), Math.floor(event.fraction * 4))
    }
  } finally {
    line.clear()
  }
  signal.throwIfAborted()
  throw new Error('The host made no file')
}

/** Returns where it is; null for stdout. An existing file is left alone unless it was named. */
async function saveFile(
  context: CommandContext,
  client: HostClient,
  { fileId, name, sizeBytes }: MadeFile,
  output: string | undefined,
): Promise<string | null> {
  if (output === '-') {
    for await (const bytes of piecesOf(context, client, fileId, sizeBytes)) {
      if (!process.stdout.write(bytes)) await new Promise((drained) => process.stdout.once('drain', drained))
    }
    return null
  }
  const path = resolve(output ?? name)
  const file = await openFile(path, output === undefined ? 'wx' : 'w').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    throw new CommandFailure(fill(context.texts.chats.fileExists, { path }))
  })
  try {
    for await (const bytes of piecesOf(context, client, fileId, sizeBytes)) await file.write(bytes)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return path
}

async function* piecesOf({ signal }: CommandContext, client: HostClient, fileId: string, sizeBytes: number) {
  for (let offset = 0; offset < sizeBytes; ) {
    signal.throwIfAborted()
    const piece = await client.interchange.read({ fileId, offset })
    if (piece.size === 0) throw new Error('The file is shorter than it was said to be')
    offset += piece.size
    yield new Uint8Array(await piece.arrayBuffer())
  }
}

function shortId(id: string): string {
  return id.slice(-shortIdLength)
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
