/**
 * Cuts Markdown into its top-level blocks, so that while an answer grows only its last block is
 * parsed and rendered again. Invariant: the blocks joined are the text (with `\r\n` as `\n`), and
 * splitting a grown text with the blocks of its beginning gives what splitting it afresh gives.
 */
import { Lexer, Marked } from 'marked'

export interface Block {
  /** marked's name of it: `paragraph`, `code`, `list`, `table`, `def`, `formula`, … */
  type: string
  /** As written, with the blank lines that follow it. */
  source: string
  /** Of a `code` block: what stands in it, and the name after the fence. */
  code?: { text: string; language: string }
}

/** A formula on lines of its own may hold blank lines and `-` or `#` at line starts; it stays in one piece. */
const formulaBlock = /^ {0,3}(?:\$\$[\s\S]*?(?:\$\$|$)|\\\[[\s\S]*?(?:\\\]|$))[^\n]*(?:\n|$)/

const marked = new Marked({
  extensions: [
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

/** Notes are numbered and listed over the whole text, so a text with notes is one block. */
const hasFootnotes = /\[\^[^\]\s]{1,50}\]:/

/**
 * @param known Blocks of an earlier, shorter state of the same text. The last may go on, and its first line, not
 * complete yet, may turn out to belong to the one before; the others are kept as they are.
 */
export function splitBlocks(text: string, known: readonly Block[] = []): Block[] {
  const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  if (hasFootnotes.test(source)) return [{ type: 'paragraph', source }]
  const kept = known.slice(0, -2)
  let start = 0
  for (const block of kept) {
    if (!source.startsWith(block.source, start)) return splitBlocks(text)
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
      blocks.push({ type: token.type, source: piece, ...(code && { code }) })
    }
  }
  return blocks
}

interface BlockToken {
  type: string
  raw: string
  text?: string
  lang?: string
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
