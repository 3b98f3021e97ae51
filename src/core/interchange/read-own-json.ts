/**
 * Reads the JSON that this app writes (README.md has its schema), piece by piece. A chat that makes no sense is left
 * out and told; in one that does, so are single messages.
 */
import { createHash } from 'node:crypto'
import type { ImportTarget } from './import-target.ts'
import type { JsonItem } from './json-items.ts'
import { keyOf, listOf, objectOf, textOf } from './loose-values.ts'
import { chatsVersion } from './own-formats.ts'
import { storedChatSchema, storedFolderSchema, storedMessageSchema } from './records.ts'
import type { ChatRecord, StoredMessage } from './records.ts'

export class OwnJsonReader {
  isOurs = false
  readonly #target: ImportTarget
  readonly #attachmentIds = new Set<string>()
  #missingAttachments = 0

  constructor(target: ImportTarget) {
    this.#target = target
  }

  take({ path: [name], value }: JsonItem & { type: 'value' }): void {
    this.isOurs = true
    this.#target.format ??= 'yangtuo-json'
    if (name === 'version' && typeof value === 'number' && value > chatsVersion) {
      this.#target.report({ name: '', code: 'newer-version', count: 1 })
    } else if (name === 'folders') {
      const folder = storedFolderSchema.safeParse(value)
      if (folder.success) this.#target.add({ kind: 'folder', folder: folder.data })
      else this.#target.report({ name: textOf(objectOf(value)['name']), code: 'damaged', count: 1 })
    } else if (name === 'attachments') {
      const { id, text } = objectOf(value)
      if (typeof text !== 'string' || createHash('sha256').update(text).digest('hex') !== id) {
        this.#target.report({ name: keyOf(id) ?? '', code: 'damaged', count: 1 })
      } else this.#attachmentIds.add(this.#target.attachment(text).id)
    } else if (name === 'chats') {
      const read = readChat(value)
      if (!read) return this.#target.report({ name: textOf(objectOf(value)['title']), code: 'damaged', count: 1 })
      const { record, damaged, loose } = read
      const { title } = record.chat
      if (damaged > 0) this.#target.report({ name: title, code: 'damaged', count: damaged })
      if (loose > 0) this.#target.report({ name: title, code: 'loose-messages', count: loose })
      const named = record.messages.flatMap(({ attachments }) => attachments)
      this.#missingAttachments += named.filter(({ id }) => !this.#attachmentIds.has(id)).length
      this.#target.add(record)
    }
  }

  end(): void {
    if (this.#missingAttachments > 0) {
      this.#target.report({ name: '', code: 'attachment-missing', count: this.#missingAttachments })
    }
  }
}

/** null = no chat at all. `damaged` and `loose` count messages. */
export function readChat(value: unknown): { record: ChatRecord; damaged: number; loose: number } | null {
  const chat = storedChatSchema.safeParse(value)
  if (!chat.success) return null
  const parsed = listOf(objectOf(value)['messages']).map((message) => storedMessageSchema.safeParse(message))
  const read = parsed.flatMap(({ data }) => data ?? [])
  const { messages, loose } = asTree(read)
  const activeLeafId = messages.some(({ id }) => id === chat.data.activeLeafId)
    ? chat.data.activeLeafId
    : (messages.at(-1)?.id ?? null)
  return {
    record: { kind: 'chat', chat: { ...chat.data, activeLeafId }, messages },
    damaged: parsed.length - read.length,
    loose,
  }
}

/**
 * In their order, but parents first; the first of equal ids counts; what hangs on nothing or in a circle goes to the
 * top.
 */
function asTree(read: StoredMessage[]): { messages: StoredMessage[]; loose: number } {
  const byId = new Map<string, StoredMessage>()
  for (const message of read) if (!byId.has(message.id)) byId.set(message.id, message)
  const messages: StoredMessage[] = []
  const placed = new Set<string>()
  let loose = 0
  for (const message of byId.values()) {
    // Upwards to the first that is placed already, then down again.
    const way: StoredMessage[] = []
    const onWay = new Set<string>()
    let next: StoredMessage | undefined = message
    while (next && !placed.has(next.id) && !onWay.has(next.id)) {
      way.push(next)
      onWay.add(next.id)
      next = next.parentId === null ? undefined : byId.get(next.parentId)
    }
    for (const member of way.reverse()) {
      const isLoose = member.parentId !== null && !placed.has(member.parentId)
      if (isLoose) loose++
      messages.push(isLoose ? { ...member, parentId: null } : member)
      placed.add(member.id)
    }
  }
  return { messages, loose }
}
