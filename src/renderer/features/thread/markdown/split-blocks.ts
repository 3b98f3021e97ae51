/**
 * Cuts Markdown into its top-level blocks, so that while an answer grows only its last block is
 * parsed and rendered again. Invariant: the blocks joined are the text (with `\r\n` as `\n`), and
 * splitting a grown text with the blocks of its beginning gives what splitting it afresh gives.
 */
import { Lexer, Marked } from 'marked'
import { splitReasoning } from './split-reasoning.ts'

export interface Block {
  /** marked's name of it: `paragraph`, `code`, `list`, `table`, `def`, or `formula`, `note`, `reasoning`. */
  type: string
  /** As written, with the blank lines that follow it. */
  source: string
  /** Of a `code` block: what stands in it, and the name after the fence. */
  code?: { text: string; language: string }
  /** Of a `note` (a footnote): what names it, and its text. */
  note?: { label: string; text: string }
  /** Of `reasoning`, which only comes first. */
  reasoning?: { text: string; isEnded: boolean }
}

/** A formula on lines of its own may hold blank lines and `-` or `#` at line starts; it stays in one piece. */
const formulaBlock = /^ {0,3}(?:\$\$[\s\S]*?(?:\$\$|$)|\\\[[\s\S]*?(?:\\\]|$))[^\n]*(?:\n|$)/

/** `[^1]: text`, with the lines that go on from it and paragraphs that are indented below it. */
const noteBlock =
  /^ {0,3}\[\^([^\]\s]{1,50})\]:[ \t]*([^\n]*(?:\n(?![ \t]*\n| {0,3}\[\^[^\]\s]{1,50}\]:)[^\n]+)*(?:\n+(?: {4}|\t)[^\n]+)*)(?:\n|$)/

const marked = new Marked({
  extensions: [
    {
      name: 'note',
      level: 'block',
      start(source) {
        const end = source.indexOf('\n\n')
        return /\n {0,3}\[\^[^\]\s]{1,50}\]:/.exec(end === -1 ? source : source.slice(0, end))?.index
      },
      tokenizer(source) {
        const match = noteBlock.exec(source)
        return match ? { type: 'note', raw: match[0], label: match[1]!, text: match[2]! } : undefined
      },
    },
    {
      name: 'formula',
      level: 'block',
      // Where it ends a paragraph. Looking no further than the paragraph keeps long texts linear.
      start(source) {
        const end = source.indexOf('\n\n')
        return /\n {0,3}(?:\$\$|\\\[)/.exec(end === -1 ? source : source.slice(0, end))?.index
      },
      tokenizer(source) {
        const match = formulaBlock.exec(source)
        return match ? { type: 'formula', raw: match[0] } : undefined
      },
    },
  ],
})

/**
 * @param known Blocks of an earlier, shorter state of the same text. The last may go on, and its first line, not
 * complete yet, may turn out to belong to the one before; the others are kept as they are.
 */
export function splitBlocks(text: string, known: readonly Block[] = []): Block[] {
  const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  const { head, reasoning, isEnded } = splitReasoning(source)
  if (reasoning !== null) {
    const first = { type: 'reasoning', source: head, reasoning: { text: reasoning, isEnded } }
    return [first, ...splitPlain(source.slice(head.length), known[0]?.reasoning ? known.slice(1) : [])]
  }
  return splitPlain(source, known[0]?.reasoning ? [] : known)
}

function splitPlain(source: string, known: readonly Block[]): Block[] {
  const kept = known.slice(0, -2)
  let start = 0
  for (const block of kept) {
    if (!source.startsWith(block.source, start)) return split(source)
    start += block.source.length
  }
  return [...kept, ...split(source.slice(start))]
}

function split(source: string): Block[] {
  const blocks: Block[] = []
  let at = 0
  for (const token of tokens(source)) {
    const piece = source.slice(at, at + token.raw.length)
    at += piece.length
    const last = blocks.at(-1)
    if (token.type === 'space' && last) last.source += piece
    else {
      const code = token.type === 'code' && { text: token.text!, language: /^\S*/.exec(token.lang ?? '')![0] }
      const note = token.type === 'note' && { label: token.label!, text: token.text!.replace(/^(?: {4}|\t)/gm, '') }
      blocks.push({ type: token.type, source: piece, ...(code && { code }), ...(note && { note }) })
    }
  }
  return blocks
}

interface BlockToken {
  type: string
  raw: string
  text?: string
  lang?: string
  label?: string
}

function tokens(source: string): BlockToken[] {
  try {
    const found: BlockToken[] = new Lexer(marked.defaults).blockTokens(source, [])
    if (found.reduce((length, token) => length + token.raw.length, 0) === source.length) return found
  } catch {
    // Nested thousands deep, it exhausts marked's stack.
  }
  return source ? [{ type: 'paragraph', raw: source }] : []
}
