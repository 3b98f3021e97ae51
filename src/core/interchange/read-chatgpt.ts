/**
 * ChatGPT's data export: `conversations.json`, alone or in its zip (newer ones: conversations-000.json, …). Nobody
 * publishes its schema; this follows what exports of 2023 to 2026 hold and what public converters read of them: a list
 * of `{title, create_time, update_time, mapping, current_node, conversation_id}` with `mapping[id] = {id, message,
 * parent, children}`, times in seconds, and `message.content` by `content_type`.
 */
import type { ForeignChat, ForeignNode } from './foreign-chat.ts'
import { keyOf, listOf, objectOf, textOf, timeOf } from './loose-values.ts'
import type { LooseObject } from './loose-values.ts'

export function chatFromChatGpt(conversation: LooseObject): ForeignChat {
  const mapping = objectOf(conversation['mapping'])
  const counts = { media: 0, unknown: 0 }
  const nodes = nodesInOrder(mapping).map((key) => nodeOf(key, objectOf(mapping[key]), counts))
  return {
    key: keyOf(conversation['conversation_id']) ?? keyOf(conversation['id']),
    title: textOf(conversation['title']),
    createdAt: timeOf(conversation['create_time']),
    updatedAt: timeOf(conversation['update_time']),
    nodes,
    activeKey: keyOf(conversation['current_node']),
    mediaCount: counts.media,
    unknownRoleCount: counts.unknown,
  }
}

/** Siblings stand in the order of their parent's `children`, whatever the order of the mapping. */
function nodesInOrder(mapping: LooseObject): string[] {
  const ordered = new Set<string>()
  for (const key of Object.keys(mapping)) {
    ordered.add(key)
    for (const child of listOf(objectOf(mapping[key])['children'])) {
      if (typeof child === 'string' && Object.hasOwn(mapping, child)) ordered.add(child)
    }
  }
  return [...ordered]
}

function nodeOf(key: string, node: LooseObject, counts: { media: number; unknown: number }): ForeignNode {
  const message = objectOf(node['message'])
  const author = objectOf(message['author'])
  const isHidden = objectOf(message['metadata'])['is_visually_hidden_from_conversation'] === true
  const content = contentOf(objectOf(message['content']), counts)
  const role = textOf(author['role'])
  const empty = { key, parentKey: keyOf(node['parent']), role: 'none', text: '' } as const
  if (role === '' || isHidden) return empty
  if (role !== 'user' && role !== 'assistant' && role !== 'system' && role !== 'tool') {
    counts.unknown++
    return empty
  }
  // What the model writes to a tool is no part of what it says.
  const recipient = textOf(message['recipient'])
  const isCall = role === 'assistant' && recipient !== '' && recipient !== 'all'
  return {
    ...empty,
    role,
    text: isCall ? '' : content.text,
    thinking: isCall ? `${recipient}:\n${content.text || content.thinking}` : content.thinking,
    createdAt: timeOf(message['create_time']),
  }
}

function contentOf(content: LooseObject, counts: { media: number }): { text: string; thinking: string } {
  const type = textOf(content['content_type'])
  if (type === 'thoughts') {
    const thoughts = listOf(content['thoughts']).map((thought) => {
      const { summary, content } = objectOf(thought)
      return [textOf(summary), textOf(content)].filter(Boolean).join('\n')
    })
    return { text: '', thinking: thoughts.join('\n\n') }
  }
  // How long it thought; a person's custom instructions, which are in every chat.
  if (['reasoning_recap', 'user_editable_context', 'model_editable_context'].includes(type))
    return { text: '', thinking: '' }
  if (type === 'code') return { text: fenced(textOf(content['text']), textOf(content['language'])), thinking: '' }
  const parts = listOf(content['parts']).map((part) => {
    if (typeof part === 'string') return part
    const { content_type: partType, text, name, asset_pointer: pointer } = objectOf(part)
    if (textOf(text)) return textOf(text)
    if (textOf(partType) === '') return ''
    counts.media++
    return `[${textOf(partType).replace(/_asset_pointer$/, '')}: ${textOf(name) || textOf(pointer).replace(/^[\w-]+:\/\//, '')}]`
  })
  const text =
    parts.length > 0 ? parts.filter(Boolean).join('\n\n') : textOf(content['text']) || textOf(content['result'])
  return { text, thinking: '' }
}

function fenced(code: string, language: string): string {
  if (!code) return ''
  const fence = '`'.repeat(Math.max(3, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length + 1)))
  return `${fence}${/^[\w+#-]*$/.test(language) && language !== 'unknown' ? language : ''}\n${code}\n${fence}`
}
