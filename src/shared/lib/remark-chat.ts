/**
 * What answers of a model need beyond Markdown: HTML is text, a line break is a line break (a poem keeps its
 * lines), `<br>` is one too (the only way to break a line in a table), and a bare address ends
 * where Chinese text goes on.
 */
interface Node {
  type: string
  value?: string
  url?: string
  children?: Node[]
  position?: { start: { offset?: number }; end: { offset?: number } }
}

const brTag = /^<br\s*\/?>$/i
/** Chinese punctuation, or a Chinese character right after a Latin one: neither goes on in an address. */
const afterAddress = /[\u2018-\u201d\u2026\u3000-\u303f\uff00-\uffef]|(?<=\w)\p{Script=Han}/u

export function remarkChat() {
  return changeChildren
}

function changeChildren(node: Node): void {
  if (!node.children) return
  node.children = node.children.flatMap((child) => {
    if (child.type === 'html') return brTag.test(child.value!) ? [{ type: 'break' }] : shownHtml(child, node)
    if (child.type === 'text') return withBreaks(child.value!)
    if (child.type === 'link') return cutAddress(child)
    changeChildren(child)
    return [child]
  })
}

/** The text of the tags; a block of HTML becomes a paragraph. */
function shownHtml(html: Node, parent: Node): Node[] {
  const lines = withBreaks(html.value!)
  return ['root', 'blockquote', 'listItem'].includes(parent.type) ? [{ type: 'paragraph', children: lines }] : lines
}

function withBreaks(text: string): Node[] {
  return text.split(/[ \t]*\n[ \t]*/).flatMap((value, index) => {
    const line = { type: 'text', value }
    return index === 0 ? [line] : [{ type: 'break' }, line]
  })
}

function cutAddress(link: Node): Node[] {
  const text = link.children?.[0]?.value ?? ''
  const { start, end } = link.position ?? {}
  // Written with brackets, the node is longer than its text.
  const isBare = start && end && end.offset! - start.offset! === text.length
  const at = isBare ? text.search(afterAddress) : -1
  if (at < 1) return [link]
  const rest = text.slice(at)
  const url = link.url!.slice(0, link.url!.length - rest.length)
  return [{ ...link, url, children: [{ type: 'text', value: text.slice(0, at) }] }, { type: 'text', value: rest }]
}
