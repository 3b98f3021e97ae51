/** Reads a file of any format as an import does, and gives the records that came of it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../core.fixture.ts'
import { ImportTarget } from './import-target.ts'
import { readImport } from './read-import.ts'
import type { ChatRecord, InterchangeRecord, StoredChat, StoredMessage } from './records.ts'

export interface Read {
  target: ImportTarget
  records: InterchangeRecord[]
  chats: ChatRecord[]
}

export async function readContent(content: string | Uint8Array, name = 'file'): Promise<Read> {
  const folder = temporaryFolder()
  try {
    const directory = join(folder.path, '读 取\u3000')
    mkdirSync(directory)
    const path = join(folder.path, 'file')
    writeFileSync(path, content)
    const target = new ImportTarget(directory)
    try {
      await readImport(path, name, target, () => {})
    } finally {
      target.close()
    }
    const lines = readFileSync(join(directory, 'records.jsonl'), 'utf8').split('\n').filter(Boolean)
    const records = lines.map((line): InterchangeRecord => JSON.parse(line))
    return { target, records, chats: records.filter((record) => record.kind === 'chat') }
  } finally {
    folder.remove()
  }
}

/** Each message as `role: text`, under the one it hangs on, by two spaces. */
export function outline({ messages }: ChatRecord): string[] {
  const depths = new Map<string | null, number>([[null, -1]])
  return messages.map(({ id, parentId, role, text }) => {
    const depth = depths.get(parentId)! + 1
    depths.set(id, depth)
    return `${'  '.repeat(depth)}${role}: ${text}`
  })
}

export function shownTexts({ chat, messages }: ChatRecord): string[] {
  const texts: string[] = []
  for (let next = messages.find(({ id }) => id === chat.activeLeafId); next;) {
    texts.unshift(next.text)
    next = messages.find(({ id }) => id === next!.parentId)
  }
  return texts
}

export function storedChat(fields: Partial<StoredChat> = {}): StoredChat {
  return {
    id: '0190a000-0000-7000-8000-000000000001',
    folderId: null,
    mode: 'chat',
    title: '羊驼',
    titleSource: 'person',
    systemPrompt: null,
    sampling: {},
    presetId: null,
    contextPolicy: null,
    modelId: null,
    activeLeafId: null,
    draft: '',
    draftAttachments: [],
    queue: [],
    pinnedAt: null,
    isUnread: false,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    trashedAt: null,
    ...fields,
  }
}

export function storedMessage(
  fields: Partial<StoredMessage> & Pick<StoredMessage, 'id' | 'role' | 'text'>,
): StoredMessage {
  return {
    parentId: null,
    status: 'complete',
    failure: null,
    runCard: null,
    attachments: [],
    summary: null,
    isCompared: false,
    createdAt: 1_700_000_000_000,
    ...fields,
  }
}

export const englishWords = {
  language: 'en' as const,
  user: 'You',
  assistant: 'Assistant',
  system: 'System prompt',
  reasoning: 'Reasoning',
  footnotes: 'Notes',
  untitled: 'Untitled',
  noText: '(no text)',
}
