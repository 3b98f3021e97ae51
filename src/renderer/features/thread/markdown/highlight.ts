/** Colours for code, by highlight.js's common languages. Loaded only when an answer has code. */
import { createElement } from 'react'
import type { ReactNode } from 'react'
import rehypeHighlight from 'rehype-highlight'

type Tree = Parameters<ReturnType<typeof rehypeHighlight>>[0]
type Content = Tree['children'][number]

const highlightTree = rehypeHighlight()

/** The code with its parts in spans of the classes `hljs-…`; plain in a language it does not know. */
export function highlight(code: string, language: string): ReactNode {
  const element = {
    type: 'element' as const,
    tagName: 'code',
    properties: { className: [`language-${language.toLowerCase()}`] },
    children: [{ type: 'text' as const, value: code }] as Content[],
  }
  const tree = { type: 'root', children: [{ type: 'element', tagName: 'pre', properties: {}, children: [element] }] }
  // The second argument would only hear that a language is unknown.
  highlightTree(tree as Tree, { message() {} } as never)
  return toReact(element.children)
}

function toReact(nodes: Content[]): ReactNode {
  return nodes.map((node, index) => {
    if (node.type === 'text') return node.value
    if (node.type !== 'element') return null
    const className = (node.properties.className)?.join(' ')
    return createElement('span', { key: index, className }, toReact(node.children as Content[]))
  })
}
