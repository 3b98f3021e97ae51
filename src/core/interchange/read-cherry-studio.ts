/**
 * Cherry Studio's backup: `data.json` (in a zip; alone inside older .bak files once unpacked), as BackupService.ts of
 * CherryHQ/cherry-studio 1.x writes it: `{version, localStorage, indexedDB}`. The list of assistants with the names of
 * their topics is JSON within JSON within JSON in `localStorage['persist:cherry-studio']`. Version 1: `indexedDB` is a
 * list of `{key: 'topic:…', value}`. From version 2: `indexedDB.topics`, whose messages carry their text in `content`
 * up to version 3, and name blocks in `indexedDB.message_blocks` from then on. Answers of several models to one
 * question share its `askId`. Version 6 copies database files, which nobody else can read.
 */
import type { ForeignChat, ForeignNode } from './foreign-chat.ts'
import { keyOf, listOf, objectOf, textOf, timeOf } from './loose-values.ts'
import type { LooseObject } from './loose-values.ts'

export interface CherryAssistant {
  key: string
  name: string
  prompt: string
  topics: { key: string; name: string; createdAt: number | null; updatedAt: number | null; isPinned: boolean }[]
}

/** In the order of the file; an empty list where the text cannot be read. */
export function cherryAssistants(localStorage: unknown): CherryAssistant[] {
  const state = parsed(parsed(objectOf(localStorage)['persist:cherry-studio'])['assistants'])
  const { defaultAssistant, assistants } = state
  const all = [...listOf(assistants), ...(defaultAssistant ? [defaultAssistant] : [])].map(objectOf)
  const known = new Set<string>()
  return all.flatMap((assistant) => {
    const key = keyOf(assistant['id'])
    if (key === null || known.has(key)) return []
    known.add(key)
    const topics = listOf(assistant['topics'])
      .map(objectOf)
      .flatMap((topic) => {
        const key = keyOf(topic['id'])
        if (key === null) return []
        const times = { createdAt: timeOf(topic['createdAt']), updatedAt: timeOf(topic['updatedAt']) }
        return [{ key, name: textOf(topic['name']), ...times, isPinned: topic['pinned'] === true }]
      })
    return [{ key, name: textOf(assistant['name']), prompt: textOf(assistant['prompt']), topics }]
  })
}

function parsed(text: unknown): LooseObject {
  try {
    return objectOf(typeof text === 'string' ? JSON.parse(text) : text)
  } catch {
    return {}
  }
}

export type CherryBlock = Pick<ForeignNode, 'text' | 'thinking'> & { isMedia: boolean; isError: boolean }

/** What a block adds to its message. */
export function cherryBlock(block: LooseObject): CherryBlock {
  const type = textOf(block['type'])
  const content = textOf(block['content'])
  const plain = { text: '', thinking: '', isMedia: false, isError: false }
  if (type === 'thinking') return { ...plain, thinking: content }
  if (type === 'tool') {
    const name = textOf(block['toolName']) || textOf(block['toolId'])
    const result = typeof block['content'] === 'string' ? content : JSON.stringify(block['content'] ?? '')
    return { ...plain, thinking: `${name}(${JSON.stringify(block['arguments'] ?? {})})\n${result}` }
  }
  if (type === 'image' || type === 'file' || type === 'video') {
    const file = objectOf(block['file'])
    const url = textOf(block['url'])
    const name = textOf(file['origin_name']) || textOf(file['name']) || (url.startsWith('data:') ? '' : url)
    return { ...plain, text: `[${type}${name && `: ${name}`}]`, isMedia: true }
  }
  if (type === 'error') return { ...plain, isError: true }
  if (type === 'citation') return plain
  return { ...plain, text: content }
}

export function chatFromCherry(
  topic: LooseObject,
  named: CherryAssistant['topics'][number] | undefined,
  blocks: ReadonlyMap<string, CherryBlock>,
): ForeignChat {
  const counts = { media: 0, unknown: 0 }
  const messages = listOf(topic['messages']).map(objectOf)
  const byKey = new Map(messages.map((message) => [keyOf(message['id']), message]))
  const nodes: ForeignNode[] = []
  /** Of the path shown: what the next message hangs on. */
  let above: string | null = null
  let askedKey: string | null = null

  for (const [index, message] of messages.entries()) {
    const key = keyOf(message['id']) ?? `message ${index}`
    const node = nodeOf(key, message, blocks, counts)
    const askId = keyOf(message['askId'])
    const isAnswerBeside = node.role === 'assistant' && askId !== null && askId === askedKey && byKey.has(askId)
    const parentKey: string | null = isAnswerBeside ? askId : above
    nodes.push({ ...node, parentKey })
    if (node.role === 'user') askedKey = key
    // Of answers side by side the conversation went on from the chosen one, else from the first.
    const goesOnFromHere =
      !isAnswerBeside || above === askId || message['foldSelected'] === true || message['useful'] === true
    if (goesOnFromHere) above = key
  }
  return {
    key: keyOf(topic['id']),
    title: named?.name || textOf(topic['name']),
    createdAt: named?.createdAt ?? timeOf(topic['createdAt']),
    updatedAt: named?.updatedAt ?? timeOf(topic['updatedAt']),
    isPinned: named?.isPinned ?? false,
    nodes,
    activeKey: above,
    mediaCount: counts.media,
    unknownRoleCount: counts.unknown,
  }
}

function nodeOf(
  key: string,
  message: LooseObject,
  blocks: ReadonlyMap<string, CherryBlock>,
  counts: { media: number; unknown: number },
): Omit<ForeignNode, 'parentKey'> {
  const role = textOf(message['role'])
  // `clear` is the mark where the context was begun anew.
  const isKnown = role === 'user' || role === 'assistant' || role === 'system'
  if (!isKnown && message['type'] !== 'clear' && role !== 'clear') counts.unknown++
  const own: CherryBlock[] = listOf(message['blocks']).flatMap((id) => blocks.get(String(id)) ?? [])
  // Before blocks.
  const images = [...listOf(message['images']), ...listOf(message['files'])].map((file): CherryBlock => {
    const { origin_name: originName, name } = objectOf(file)
    return { text: `[file: ${textOf(originName) || textOf(name)}]`, thinking: '', isMedia: true, isError: false }
  })
  const parts =
    own.length > 0
      ? own
      : [
          ...images,
          {
            text: textOf(message['content']),
            thinking: textOf(message['reasoning_content']),
            isMedia: false,
            isError: false,
          },
        ]
  counts.media += parts.filter(({ isMedia }) => isMedia).length
  return {
    key,
    role: isKnown ? role : 'none',
    text: parts
      .map(({ text }) => text)
      .filter(Boolean)
      .join('\n\n'),
    thinking: parts
      .map(({ thinking }) => thinking)
      .filter(Boolean)
      .join('\n\n'),
    createdAt: timeOf(message['createdAt']),
  }
}
