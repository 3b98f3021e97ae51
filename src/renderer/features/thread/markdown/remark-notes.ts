/** Turns `[^label]` in the text into a reference to its footnote: a `sup` with the note's number. */
import type { Notes } from './number-notes.ts'

interface Node {
  type: string
  value?: string
  children?: Node[]
  data?: { hName: string; hProperties: Record<string, unknown> }
}

const reference = /\[\^([^\]\s]{1,50})\]/

export function remarkNotes(notes: Notes) {
  return (tree: Node) => changeChildren(tree, notes)
}

function changeChildren(node: Node, notes: Notes): void {
  node.children = node.children?.flatMap((child) => {
    if (child.type === 'text' && child.value!.includes('[^')) return withReferences(child.value!, notes)
    changeChildren(child, notes)
    return [child]
  })
}

/** Each second piece is what stood in the brackets. */
function withReferences(text: string, notes: Notes): Node[] {
  return text.split(reference).map((value, index) => {
    const number = index % 2 === 1 ? notes.get(value) : undefined
    if (number === undefined) return { type: 'text', value: index % 2 === 1 ? `[^${value}]` : value }
    return { type: 'noteReference', children: [], data: { hName: 'sup', hProperties: { dataNote: number } } }
  })
}
