/** Chats as this app's own JSON, written piece by piece; README.md has the schema. */
import { chatsFormat, chatsVersion } from './own-formats.ts'
import type { ChatRecord, InterchangeRecord, StoredMessage } from './records.ts'
import { pathTo } from './shown-chat.ts'
import type { AttachmentTexts } from './shown-chat.ts'
import { without } from './without.ts'

/** `records` can be gone through several times. */
export async function* toOwnJson(
  records: () => AsyncIterable<InterchangeRecord>,
  attachmentText: AttachmentTexts,
  allBranches: boolean,
): AsyncGenerator<string> {
  yield `{"format":${JSON.stringify(chatsFormat)},"version":${chatsVersion},"exportedAt":${Date.now()},\n"folders":[`
  yield* list(collect(records(), (record) => (record.kind === 'folder' ? [without(record.folder, 'trashedAt')] : [])))
  const written = new Set<string>()
  yield '],\n"attachments":['
  yield* list(
    collect(records(), (record) => {
      if (record.kind !== 'chat') return []
      const ids = messagesOf(record, allBranches).flatMap(({ attachments }) => attachments.map(({ id }) => id))
      return ids.flatMap((id) => {
        const text = written.has(id) ? null : attachmentText(id)
        written.add(id)
        return text === null ? [] : [{ id, text }]
      })
    }),
  )
  yield '],\n"chats":['
  yield* list(collect(records(), (record) => (record.kind === 'chat' ? [chatOf(record, allBranches)] : [])))
  yield ']}\n'
}

function messagesOf({ chat, messages }: ChatRecord, allBranches: boolean): StoredMessage[] {
  return allBranches ? messages : pathTo(messages, chat.activeLeafId)
}

/**
 * What only the person who wrote it should see stays here: drafts, the queue. So do marks that mean something only
 * here.
 */
function chatOf(record: ChatRecord, allBranches: boolean): object {
  const chat = without(record.chat, 'draft', 'draftAttachments', 'queue', 'isUnread', 'trashedAt')
  return { ...chat, messages: messagesOf(record, allBranches) }
}

async function* collect<Value>(records: AsyncIterable<InterchangeRecord>, of: (record: InterchangeRecord) => Value[]) {
  for await (const record of records) yield* of(record)
}

async function* list(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  let isFirst = true
  for await (const value of values) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(value)}`
    isFirst = false
  }
}
