/**
 * A chat as Markdown to read, that can be taken in again: before the head, each message and each attachment stands an
 * HTML comment, which no viewer shows. Invariant: the texts come back exactly as they were. Therefore every comment
 * carries a number that no text of the chat has after `<!-- yangtuo-`.
 */
import type { ExportWords } from '../../shared/contract/interchange.ts'
import type { ForeignChat, ForeignNode } from './foreign-chat.ts'
import { objectOf, textOf, timeOf } from './loose-values.ts'
import { figuresOf } from './shown-chat.ts'
import type { AttachmentTexts, ShownChat } from './shown-chat.ts'

const start = '<!-- yangtuo-'

export function toMarkdown(
  { chat, systemPrompt, path }: ShownChat,
  words: ExportWords,
  attachmentText: AttachmentTexts,
): string {
  const attached = new Map(
    path.flatMap(({ attachments }) => attachments).map(({ id }) => [id, attachmentText(id) ?? '']),
  )
  const key = freeNumber([systemPrompt, chat.title, ...path.map(({ text }) => text), ...attached.values()])
  const mark = (kind: string, facts: object) => `${start}${key}:${kind} ${asComment(facts)} -->\n`
  const { title, createdAt, updatedAt } = chat

  const parts = [mark('chat', { version: 1, title, createdAt, updatedAt }), `# ${oneLine(title || words.untitled)}\n\n`]
  if (systemPrompt) parts.push(mark('system', {}), `**${words.system}**\n\n`, systemPrompt, '\n\n')
  for (const { role, text, createdAt, runCard, attachments } of path) {
    const figures = runCard ? ` · <small>${oneLine(figuresOf(runCard))}</small>` : ''
    parts.push(mark('message', { role, createdAt }), `**${words[role]}**${figures}\n\n`, text, '\n\n')
    for (const { id, name } of attachments) {
      parts.push(mark('attachment', { name }), `**${oneLine(name)}**\n\n`, attached.get(id)!, '\n\n')
    }
  }
  return parts.join('')
}

/** The texts of attachments by their names, besides the chat; they belong to the message before them. */
export interface MarkdownChat {
  chat: ForeignChat
  attachments: { messageIndex: number; name: string; text: string }[]
}

const head = /^\uFEFF?<!-- yangtuo-(\d+):chat (\{.*\}) -->\r?\n/

export function isOurMarkdown(beginning: string): boolean {
  return /^\uFEFF?<!-- yangtuo-\d+:chat \{/.test(beginning)
}

/** null = it does not begin as ours do. */
export function fromMarkdown(source: string): MarkdownChat | null {
  // An editor may have given all lines the ends of Windows.
  const text = /(?<!\r)\n/.test(source) ? source : source.replaceAll('\r\n', '\n')
  const opening = head.exec(text)
  if (!opening) return null
  const facts = parsed(opening[2]!)
  const marks = [
    ...text.matchAll(new RegExp(`^${start}${opening[1]}:(system|message|attachment) (\\{.*\\}) -->\\n`, 'gm')),
  ]

  const nodes: ForeignNode[] = []
  const attachments: MarkdownChat['attachments'] = []
  let systemPrompt: string | null = null
  let unknownRoleCount = 0
  marks.forEach((mark, index) => {
    const body = bodyOf(text.slice(mark.index + mark[0].length, marks[index + 1]?.index))
    const facts = parsed(mark[2]!)
    if (mark[1] === 'system') systemPrompt = body
    else if (mark[1] === 'attachment') {
      attachments.push({
        messageIndex: nodes.length - 1,
        name: textOf(facts['name']).slice(0, 300) || 'file.txt',
        text: body,
      })
    } else {
      const role = facts['role']
      const isKnown = role === 'user' || role === 'assistant'
      if (!isKnown) unknownRoleCount++
      const parentKey = nodes.length === 0 ? null : String(nodes.length - 1)
      nodes.push({
        key: String(nodes.length),
        parentKey,
        role: isKnown ? role : 'none',
        text: body,
        createdAt: timeOf(facts['createdAt']),
      })
    }
  })
  return {
    chat: {
      key: null,
      title: textOf(facts['title']),
      createdAt: timeOf(facts['createdAt']),
      updatedAt: timeOf(facts['updatedAt']),
      systemPrompt,
      nodes,
      unknownRoleCount,
    },
    attachments,
  }
}

/** Without the line that names the speaker, the blank line after it, and the blank line at the end. */
function bodyOf(section: string): string {
  const lineEnd = section.indexOf('\n')
  return lineEnd === -1
    ? ''
    : section
        .slice(lineEnd + 1)
        .replace(/^\n/, '')
        .replace(/\n{1,2}$/, '')
}

function freeNumber(texts: string[]): number {
  const taken = new Set(
    texts.flatMap((text) => Array.from(text.matchAll(/<!-- yangtuo-(\d+):/g), ([, digits]) => Number(digits))),
  )
  let number = 0
  while (taken.has(number)) number++
  return number
}

function asComment(facts: object): string {
  return JSON.stringify(facts).replace(/[<>-]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
}

function parsed(json: string) {
  try {
    return objectOf(JSON.parse(json))
  } catch {
    return {}
  }
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|]/g, '\\$&')
    .trim()
}
