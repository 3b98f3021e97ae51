/**
 * Open WebUI's export of chats, as its Settings > Chats > Export and a chat's own download write it (0.3 to 0.6;
 * src/lib/utils/index.ts and src/lib/components/chat/Settings/Chats.svelte of open-webui/open-webui): a list of
 * `{id, title, created_at, updated_at, pinned, chat: {title, system, params, history: {messages, currentId}}}`, times
 * of chats in seconds. Messages are a tree by `parentId` and `childrenIds`; older exports have `chat.messages` alone.
 */
import type { ForeignChat, ForeignNode } from './foreign-chat.ts'
import { keyOf, listOf, objectOf, textOf, timeOf } from './loose-values.ts'
import type { LooseObject } from './loose-values.ts'

export function chatFromOpenWebUi(exported: LooseObject): ForeignChat {
  const chat = objectOf(exported['chat'])
  const history = objectOf(chat['history'])
  const tree = objectOf(history['messages'])
  const counts = { media: 0, unknown: 0 }
  const keys = Object.keys(tree)
  const nodes =
    keys.length > 0
      ? nodesInOrder(tree).map((key) =>
          nodeOf(key, keyOf(objectOf(tree[key])['parentId']), objectOf(tree[key]), counts),
        )
      : listOf(chat['messages']).map((message, index) =>
          nodeOf(String(index), index === 0 ? null : String(index - 1), objectOf(message), counts),
        )
  return {
    key: keyOf(exported['id']) ?? keyOf(chat['id']),
    title: textOf(exported['title']) || textOf(chat['title']),
    systemPrompt: textOf(chat['system']) || textOf(objectOf(chat['params'])['system']) || null,
    createdAt: timeOf(exported['created_at']) ?? timeOf(chat['timestamp']),
    updatedAt: timeOf(exported['updated_at']),
    isPinned: exported['pinned'] === true,
    nodes,
    activeKey: keyOf(history['currentId']),
    mediaCount: counts.media,
    unknownRoleCount: counts.unknown,
  }
}

function nodesInOrder(tree: LooseObject): string[] {
  const ordered = new Set<string>()
  for (const key of Object.keys(tree)) {
    ordered.add(key)
    for (const child of listOf(objectOf(tree[key])['childrenIds'])) {
      if (typeof child === 'string' && Object.hasOwn(tree, child)) ordered.add(child)
    }
  }
  return [...ordered]
}

function nodeOf(
  key: string,
  parentKey: string | null,
  message: LooseObject,
  counts: { media: number; unknown: number },
): ForeignNode {
  const role = textOf(message['role'])
  const isKnown = role === 'user' || role === 'assistant' || role === 'system' || role === 'tool'
  if (!isKnown) counts.unknown++
  const files = listOf(message['files']).map((file) => {
    const { type, name, url, file: inner } = objectOf(file)
    counts.media++
    const address = textOf(url)
    const shown = textOf(name) || textOf(objectOf(inner)['filename']) || (address.startsWith('data:') ? '' : address)
    return `[${textOf(type) || 'file'}${shown && `: ${shown}`}]`
  })
  const { text, thinking } = withoutDetails(contentOf(message['content'], counts))
  return {
    key,
    parentKey,
    role: isKnown ? role : 'none',
    text: [...files, text].filter(Boolean).join('\n\n'),
    thinking,
    createdAt: timeOf(message['timestamp']),
  }
}

/** A text, or a list of parts as OpenAI's API has them. */
function contentOf(content: unknown, counts: { media: number }): string {
  if (typeof content === 'string') return content
  const parts = listOf(content).map((part) => {
    const { type, text } = objectOf(part)
    if (textOf(text)) return textOf(text)
    counts.media++
    return `[${textOf(type).replace(/_url$/, '') || 'file'}]`
  })
  return parts.join('\n\n')
}

const details = /<details\s+type="(reasoning|tool_calls|code_interpreter)"([^>]*)>([\s\S]*?)<\/details>\s*/g

/** Reasoning and calls stand in the text as folded HTML; the reasoning is quoted line by line. */
function withoutDetails(content: string): { text: string; thinking: string } {
  const thoughts: string[] = []
  const text = content.replace(details, (_whole, type: string, attributes: string, inner: string) => {
    const body = unescaped(inner.replace(/<summary>[\s\S]*?<\/summary>/, '')).trim()
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1]
    const shown = type === 'reasoning' ? body.replace(/^> ?/gm, '') : [name, body].filter(Boolean).join('\n')
    thoughts.push(shown)
    return ''
  })
  return { text, thinking: thoughts.join('\n\n') }
}

function unescaped(text: string): string {
  const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|#39|#x27|amp);/g, (_whole, name: string) => characters[name]!)
}
