/**
 * LM Studio's conversations, one file each: `~/.lmstudio/conversations/…/<time>.conversation.json` (0.3 and 0.4). The
 * app is closed; this follows its documentation of the folder (lmstudio.ai/docs/app/basics/chat) and what public
 * converters read (YorkieDev/lm-studio-conversation-converter): `{name, createdAt, systemPrompt, messages: [{versions,
 * currentlySelected}]}`. A version is `singleStep` with `content`, or `multiStep` with `steps`, whose content blocks
 * may be in the style of thinking and may hold calls of tools. What follows a message belongs to its selected version:
 * the file has no more of a tree than that. Files of 0.2 have messages of `{role, content}`.
 */
import type { ForeignChat, ForeignNode } from './foreign-chat.ts'
import { keyOf, listOf, objectOf, textOf, timeOf } from './loose-values.ts'
import type { LooseObject } from './loose-values.ts'

type Counts = { media: number; unknown: number }

export function chatFromLmStudio(conversation: LooseObject): ForeignChat {
  const counts = { media: 0, unknown: 0 }
  const nodes: ForeignNode[] = []
  let parentKey: string | null = null
  listOf(conversation['messages']).forEach((value, index) => {
    const message = objectOf(value)
    const versions = listOf(message['versions'])
    const all = versions.length > 0 ? versions.map(objectOf) : [message]
    const selected = message['currentlySelected']
    const shown = typeof selected === 'number' && all[selected] ? selected : 0
    const siblings = all.map((version, number) => nodeOf(`${index}.${number}`, parentKey, version, counts))
    nodes.push(...siblings)
    parentKey = siblings[shown]!.key
  })
  return {
    // The file's name, which is not inside, is its time of creation, too.
    key: keyOf(conversation['createdAt']),
    title: textOf(conversation['name']),
    systemPrompt: textOf(conversation['systemPrompt']) || promptInFields(conversation['perChatPredictionConfig']),
    createdAt: timeOf(conversation['createdAt']),
    updatedAt: timeOf(conversation['assistantLastMessagedAt']) ?? timeOf(conversation['userLastMessagedAt']),
    isPinned: conversation['pinned'] === true,
    nodes,
    activeKey: parentKey,
    mediaCount: counts.media,
    unknownRoleCount: counts.unknown,
  }
}

function promptInFields(config: unknown): string | null {
  const fields = listOf(objectOf(config)['fields']).map(objectOf)
  return textOf(fields.find(({ key }) => key === 'llm.prediction.systemPrompt')?.['value']) || null
}

function nodeOf(key: string, parentKey: string | null, version: LooseObject, counts: Counts): ForeignNode {
  const role = textOf(version['role'])
  const isKnown = role === 'user' || role === 'assistant' || role === 'system' || role === 'tool'
  if (!isKnown) counts.unknown++
  const texts: string[] = []
  const thoughts: string[] = []
  const steps = Array.isArray(version['steps']) ? version['steps'].map(objectOf) : [version]
  for (const step of steps) {
    const style = textOf(objectOf(step['style'])['type'])
    for (const { text, isAside } of blocksOf(step['content'], counts)) {
      if (style === 'thinking' || isAside) thoughts.push(text)
      else texts.push(text)
    }
  }
  return {
    key,
    parentKey,
    role: isKnown ? role : 'none',
    text: texts.join('\n\n'),
    thinking: thoughts.join('\n\n'),
    createdAt: timeOf(version['createdAt']),
  }
}

function blocksOf(content: unknown, counts: Counts): { text: string; isAside: boolean }[] {
  if (typeof content === 'string') return [{ text: content, isAside: false }]
  return listOf(content).flatMap((value): { text: string; isAside: boolean }[] => {
    const block = objectOf(value)
    const type = textOf(block['type'])
    if (type === 'text') return [{ text: textOf(block['text']), isAside: false }]
    if (type === 'toolCallRequest') {
      return [
        {
          text: `${textOf(block['name'])}(${JSON.stringify(block['parameters'] ?? block['arguments'] ?? {})})`,
          isAside: true,
        },
      ]
    }
    if (type === 'toolCallResult') return [{ text: asText(block['content']), isAside: true }]
    if (type === 'file') {
      counts.media++
      return [
        {
          text: `[${textOf(block['fileType']) || 'file'}: ${textOf(block['name']) || textOf(block['fileIdentifier'])}]`,
          isAside: false,
        },
      ]
    }
    return []
  })
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}
