/**
 * Chats of other apps, as their readers give them, and what becomes of them here. Ours is a tree of questions and
 * answers; theirs also have system messages, calls of tools, several pieces to an answer, and nodes without
 * content. Invariants of what comes out: every message hangs on an earlier one of the same chat or on none, no
 * text that was there is lost, and the same chat always gets the same ids.
 */
import { createHash } from 'node:crypto'
import type { Attachment } from '../../shared/contract/attachments.ts'
import type { ImportFormat, ImportProblem } from '../../shared/contract/interchange.ts'
import { titleFrom } from '../chats/title.ts'
import { derivedId } from './derived-id.ts'
import type { ChatRecord, StoredMessage } from './records.ts'

export interface ForeignNode {
  key: string
  /** null = the first of the chat. */
  parentKey: string | null
  /** `none`: a node without a message, passed over. Results of tools are part of the answer. */
  role: 'user' | 'assistant' | 'system' | 'tool' | 'none'
  text: string
  /** What the model thought before the text, or did with a tool. */
  thinking?: string
  createdAt?: number | null
  attachments?: Attachment[]
}

export interface ForeignChat {
  /** What the source calls it; null = nothing, then it is known by its content. */
  key: string | null
  title: string
  systemPrompt?: string | null
  /** Of a folder record that was given before. */
  folderId?: string | null
  createdAt?: number | null
  updatedAt?: number | null
  isPinned?: boolean
  /** Siblings in their order. */
  nodes: ForeignNode[]
  /** The last node of the path shown; null = the last of all. */
  activeKey?: string | null
  /** Pictures and other files whose names stand in the texts. */
  mediaCount?: number
  /** Nodes of roles that the reader does not know, which it left out. */
  unknownRoleCount?: number
}

interface Turn {
  role: 'user' | 'assistant'
  texts: string[]
  thoughts: string[]
  createdAt: number | null
  attachments: Attachment[]
  parent: Turn | null
}

/** null = it has no messages. */
export function recordOf(
  format: ImportFormat,
  foreign: ForeignChat,
): { record: ChatRecord | null; problems: ImportProblem[] } {
  const name = foreign.title
  const problems: ImportProblem[] = []
  const report = (code: ImportProblem['code'], count = 0) => count > 0 && problems.push({ name, code, count })

  const { ordered, looseCount } = inTreeOrder(foreign.nodes)
  report('loose-messages', looseCount)
  report('unknown-roles', foreign.unknownRoleCount)
  report('media-left-out', foreign.mediaCount)

  const { turns, turnOf, systemTexts } = turnsOf(ordered)
  if (turns.length === 0) {
    report('empty', 1)
    return { record: null, problems }
  }

  const times = turns.flatMap(({ createdAt }) => createdAt ?? [])
  const createdAt = foreign.createdAt ?? times.reduce((a, b) => Math.min(a, b), Infinity)
  const knownCreatedAt = Number.isFinite(createdAt) ? createdAt : 0
  const updatedAt = foreign.updatedAt ?? times.reduce((a, b) => Math.max(a, b), knownCreatedAt)
  const key = foreign.key ?? contentKey(turns, systemTexts)
  const chatId = derivedId(knownCreatedAt, 0, format, key)

  const ids = new Map<Turn, string>()
  const now = Date.now()
  const messages = turns.map((turn, index): StoredMessage => {
    ids.set(turn, derivedId(knownCreatedAt, index, format, key, index))
    return {
      id: ids.get(turn)!,
      parentId: turn.parent && ids.get(turn.parent)!,
      role: turn.role,
      text: textOf(turn),
      status: 'complete',
      failure: null,
      runCard: null,
      attachments: turn.attachments,
      summary: null,
      isCompared: false,
      createdAt: turn.createdAt ?? (knownCreatedAt || now),
    }
  })
  const activeTurn = (foreign.activeKey && turnOf.get(foreign.activeKey)) || turns.at(-1)!
  const activeLeaf = leafBelow(messages, ids.get(activeTurn)!)
  const systemPrompt = [foreign.systemPrompt?.trim(), ...systemTexts].filter(Boolean)
  const title = foreign.title.trim()
  return {
    record: {
      kind: 'chat',
      chat: {
        id: chatId,
        folderId: foreign.folderId ?? null,
        mode: 'chat',
        title: title || titleFrom(turns[0]!.texts.join('\n')),
        titleSource: title ? 'person' : 'first-message',
        systemPrompt: systemPrompt.length > 0 ? [...new Set(systemPrompt)].join('\n\n').slice(0, 200_000) : null,
        sampling: {},
        presetId: null,
        contextPolicy: null,
        modelId: null,
        activeLeafId: activeLeaf,
        draft: '',
        draftAttachments: [],
        queue: [],
        pinnedAt: foreign.isPinned ? updatedAt : null,
        isUnread: false,
        createdAt: knownCreatedAt || now,
        updatedAt: updatedAt || now,
        trashedAt: null,
      },
      messages,
    },
    problems,
  }
}

/** Parents before children, siblings in their order. What hangs on nothing, or in a circle, is put at the top. */
function inTreeOrder(nodes: ForeignNode[]): {
  ordered: { node: ForeignNode; parent: ForeignNode | null }[]
  looseCount: number
} {
  const byKey = new Map<string, ForeignNode>()
  for (const node of nodes) if (!byKey.has(node.key)) byKey.set(node.key, node)
  const children = Map.groupBy(byKey.values(), ({ parentKey }) => parentKey)
  const ordered: { node: ForeignNode; parent: ForeignNode | null }[] = []
  const seen = new Set<ForeignNode>()
  let looseCount = 0

  function addTree(root: ForeignNode): void {
    const waiting = [{ node: root, parent: null as ForeignNode | null }]
    while (waiting.length > 0) {
      const next = waiting.pop()!
      if (seen.has(next.node)) continue
      seen.add(next.node)
      ordered.push(next)
      const below = children.get(next.node.key) ?? []
      for (const child of below.toReversed()) waiting.push({ node: child, parent: next.node })
    }
  }
  for (const node of byKey.values()) if (node.parentKey === null) addTree(node)
  for (const node of byKey.values()) {
    if (seen.has(node) || (node.parentKey !== null && byKey.has(node.parentKey))) continue
    if (node.role !== 'none') looseCount++
    addTree(node)
  }
  for (const node of byKey.values()) {
    if (seen.has(node)) continue
    looseCount++
    addTree(node)
  }
  return { ordered, looseCount }
}

/** Nodes without content vanish, and what hung on them hangs on the message above; pieces of one answer become one. */
function turnsOf(ordered: { node: ForeignNode; parent: ForeignNode | null }[]) {
  const turnOf = new Map<string, Turn | null>()
  const systemTexts: string[] = []
  const turns: Turn[] = []
  const isMessage = ({ role, text, thinking, attachments }: ForeignNode) =>
    role !== 'none' && role !== 'system' && (text.trim() !== '' || !!thinking?.trim() || !!attachments?.length)

  // How many messages answer each message, those through nodes without content included.
  const answerCounts = new Map<ForeignNode, number>()
  const messageAbove = new Map<ForeignNode, ForeignNode | null>()
  for (const { node, parent } of ordered) {
    const above = parent === null ? null : isMessage(parent) ? parent : messageAbove.get(parent)!
    messageAbove.set(node, above)
    if (above && isMessage(node)) answerCounts.set(above, (answerCounts.get(above) ?? 0) + 1)
  }

  for (const { node } of ordered) {
    const above = messageAbove.get(node)!
    const turnAbove = above && turnOf.get(above.key)!
    if (node.role === 'system' && node.text.trim()) systemTexts.push(node.text.trim())
    if (!isMessage(node)) {
      turnOf.set(node.key, turnAbove)
      continue
    }
    const role = node.role === 'user' ? 'user' : 'assistant'
    const continues = role === 'assistant' && turnAbove?.role === 'assistant' && answerCounts.get(above) === 1
    const turn: Turn = continues
      ? turnAbove
      : { role, texts: [], thoughts: [], createdAt: node.createdAt ?? null, attachments: [], parent: turnAbove }
    if (!continues) turns.push(turn)
    const isTool = node.role === 'tool'
    for (const thought of [node.thinking, isTool ? node.text : undefined])
      if (thought?.trim()) turn.thoughts.push(thought.trim())
    if (!isTool && node.text.trim()) turn.texts.push(node.text)
    turn.attachments.push(...(node.attachments ?? []))
    turnOf.set(node.key, turn)
  }
  return { turns, turnOf, systemTexts }
}

function textOf({ texts, thoughts }: Turn): string {
  const text = texts.join('\n\n')
  return thoughts.length > 0 ? `<think>\n${thoughts.join('\n\n')}\n</think>\n\n${text}` : text
}

function contentKey(turns: Turn[], systemTexts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(systemTexts))
  for (const turn of turns) hash.update(JSON.stringify([turn.role, textOf(turn)]))
  return hash.digest('hex')
}

/** The newest branch all the way down. */
function leafBelow(messages: StoredMessage[], messageId: string): string {
  const lastChild = new Map(messages.map(({ id, parentId }) => [parentId, id]))
  let leaf = messageId
  for (let next = lastChild.get(leaf); next !== undefined; next = lastChild.get(leaf)) leaf = next
  return leaf
}
