/**
 * Tells by its content which app wrote a JSON file and gives its chats one by one. Lists are read element by element;
 * what stands alone in a file is put together from its parts first.
 */
import { cherryAssistants, cherryBlock, chatFromCherry } from './read-cherry-studio.ts'
import type { CherryBlock } from './read-cherry-studio.ts'
import { chatFromChatGpt } from './read-chatgpt.ts'
import { chatFromLmStudio } from './read-lm-studio.ts'
import { chatFromOpenWebUi } from './read-open-webui.ts'
import { OwnJsonReader } from './read-own-json.ts'
import { chatFromAlpaca, chatFromShareGpt } from './training-data.ts'
import type { ForeignChat } from './foreign-chat.ts'
import type { ImportFormat } from '../../shared/contract/interchange.ts'
import type { ImportTarget } from './import-target.ts'
import { jsonItems } from './json-items.ts'
import type { JsonItem, JsonPath } from './json-items.ts'
import { has, keyOf, objectOf } from './loose-values.ts'
import type { LooseObject } from './loose-values.ts'
import { chatsFormat } from './own-formats.ts'

/** Where the chats of a file go to, and what the file is called. */
export interface JsonSource {
  name: string
  /** Names of the folders that an archive has it in. */
  folder: readonly string[]
  chunks: AsyncIterable<Uint8Array>
  /** One JSON value a line. */
  isLines?: boolean
}

/** What is no chat; told if others in the same file are, else the file is none of chats. */
type Unknown = string[]

/** Problems of a file in which nothing is recognised are not told: it may be no file of chats at all. */
export async function readJson(target: ImportTarget, source: JsonSource): Promise<void> {
  const before = target.recordCount
  const unknown: Unknown = []
  await (source.isLines ? readLines(target, source, unknown) : readDocument(target, source, unknown))
  if (target.recordCount === before) return
  for (const name of unknown) target.report({ name, code: 'damaged', count: 1 })
}

async function readDocument(target: ImportTarget, source: JsonSource, unknown: Unknown): Promise<void> {
  const before = target.recordCount
  const whole: Record<string, unknown> = {}
  const own = new OwnJsonReader(target)
  const items = jsonItems(source.chunks, { opens, wants })
  for await (const item of items) {
    const [first, second] = item.type === 'cut-off' ? [] : item.path
    const isElement = typeof first === 'number'
    if (item.type === 'cut-off' || item.type === 'bad') {
      if (target.recordCount > before || own.isOurs || Object.keys(whole).length > 0) {
        target.report({ name: source.name, code: item.type === 'cut-off' ? 'cut-off' : item.reason, count: 1 })
      }
    } else if (isElement) addChat(target, source, objectOf(item.value), unknown)
    else if (own.isOurs || (first === 'format' && item.value === chatsFormat)) own.take(item)
    else if (first !== undefined) put(whole, first, second, item)
  }
  own.end()
  if (whole['indexedDB'] !== undefined) addCherry(target, whole)
  else if (Object.keys(whole).length > 0) addChat(target, source, whole, unknown)
}

async function readLines(target: ImportTarget, { name, folder, chunks }: JsonSource, unknown: Unknown): Promise<void> {
  for await (const line of linesOf(chunks)) {
    if (!line.trim()) continue
    try {
      addChat(target, { name, folder }, objectOf(JSON.parse(line)), unknown)
    } catch {
      unknown.push(name)
    }
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  yield rest
}

/** Lists and the tables of Cherry Studio are read piece by piece, all else as a whole. */
function opens(path: JsonPath, bracket: '{' | '['): boolean {
  if (path.length === 0) return true
  if (path.length === 1) return path[0] === 'indexedDB' || (bracket === '[' && typeof path[0] === 'string')
  return path.length === 2 && path[0] === 'indexedDB' && bracket === '['
}

const wantedTables = new Set(['topics', 'message_blocks'])

function wants([first, second]: JsonPath): boolean {
  return first !== 'indexedDB' || typeof second !== 'string' || wantedTables.has(second)
}

/** Puts a piece where it stood. */
function put(
  whole: Record<string, unknown>,
  first: string | number,
  second: string | number | undefined,
  item: JsonItem & { type: 'value' },
): void {
  if (second === undefined) whole[first] = item.value
  else if (item.path.length === 2) {
    const list = (whole[first] ??= []) as unknown[]
    if (Array.isArray(list)) list.push(item.value)
  } else {
    const tables = (whole[first] ??= {}) as Record<string, unknown[]>
    if (!Array.isArray(tables)) (tables[second] ??= []).push(item.value)
  }
}

function addChat(
  target: ImportTarget,
  { name, folder }: Pick<JsonSource, 'name' | 'folder'>,
  value: LooseObject,
  unknown: Unknown,
): void {
  const known = recognise(value)
  if (!known) {
    unknown.push(keyOf(value['title']) ?? name)
    return
  }
  const { format, chat } = known
  target.addForeign(format, { ...chat, folderId: target.folder(format, folder) })
}

function recognise(value: LooseObject): { format: ImportFormat; chat: ForeignChat } | null {
  if (has(value, 'mapping')) return { format: 'chatgpt', chat: chatFromChatGpt(value) }
  const inner = objectOf(value['chat'])
  if (has(inner, 'history') || has(inner, 'messages')) return { format: 'open-webui', chat: chatFromOpenWebUi(value) }
  // A single chat's own download.
  if (has(objectOf(value['history']), 'messages'))
    return { format: 'open-webui', chat: chatFromOpenWebUi({ chat: value, id: value['id'] }) }
  if (has(value, 'conversations') || has(value, 'conversation'))
    return { format: 'sharegpt', chat: chatFromShareGpt(value) }
  if (has(value, 'messages')) {
    const isLmStudio =
      has(value, 'name') ||
      (Array.isArray(value['messages']) && value['messages'].some((message) => has(objectOf(message), 'versions')))
    return isLmStudio
      ? { format: 'lm-studio', chat: chatFromLmStudio(value) }
      : { format: 'sharegpt', chat: chatFromShareGpt(value) }
  }
  if (has(value, 'instruction') && (has(value, 'output') || has(value, 'response')))
    return { format: 'alpaca', chat: chatFromAlpaca(value) }
  return null
}

function addCherry(target: ImportTarget, whole: LooseObject): void {
  const database = whole['indexedDB']
  // Version 1 is a list of keys and values.
  const tables = Array.isArray(database)
    ? {
        topics: database
          .map(objectOf)
          .filter(({ key }) => String(key).startsWith('topic:'))
          .map(({ value }) => value),
      }
    : objectOf(database)
  const blocks = new Map<string, CherryBlock>()
  for (const block of (tables['message_blocks'] as unknown[]) ?? []) {
    const id = keyOf(objectOf(block)['id'])
    if (id !== null) blocks.set(id, cherryBlock(objectOf(block)))
  }
  const topics = new Map(
    ((tables['topics'] as unknown[]) ?? []).map((topic) => [keyOf(objectOf(topic)['id']), objectOf(topic)]),
  )
  for (const assistant of cherryAssistants(whole['localStorage'])) {
    const shown = assistant.topics.filter(({ key }) => topics.has(key))
    const folderId =
      shown.length > 0 ? target.folder('cherry-studio', [assistant.name || assistant.key], assistant.prompt) : null
    for (const named of shown) {
      addTopic(topics.get(named.key)!, { named, folderId })
      topics.delete(named.key)
    }
  }
  for (const topic of topics.values()) addTopic(topic, { named: undefined, folderId: null })

  function addTopic(
    topic: LooseObject,
    { named, folderId }: { named: Parameters<typeof chatFromCherry>[1]; folderId: string | null },
  ) {
    // The app makes an empty topic for each assistant.
    const chat = chatFromCherry(topic, named, blocks)
    if (chat.nodes.length > 0) target.addForeign('cherry-studio', { ...chat, folderId })
  }
}
