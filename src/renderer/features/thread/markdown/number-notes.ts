import type { Block } from './split-blocks.ts'

/** The number of each footnote by what names it. */
export type Notes = ReadonlyMap<string, number>

/** Blocks that have not changed are not read again. */
const known = new WeakMap<Block, string[]>()

function referencesOf(block: Block): string[] {
  if (block.code || block.reasoning) return []
  const found = known.get(block) ?? Array.from(withoutMark(block).matchAll(/\[\^([^\]\s]{1,50})\]/g), ([, label]) => label!)
  known.set(block, found)
  return found
}

function withoutMark({ note, source }: Block): string {
  return note ? note.text : source
}

/** In the order in which the text names them. While it grows, also those whose text has not come yet. */
export function numberNotes(blocks: readonly Block[], growing: boolean): Notes {
  const defined = new Set(blocks.flatMap(({ note }) => (note ? [note.label] : [])))
  const numbers = new Map<string, number>()
  for (const label of [...blocks.flatMap(referencesOf), ...defined]) {
    if ((growing || defined.has(label)) && !numbers.has(label)) numbers.set(label, numbers.size + 1)
  }
  return numbers
}
