/**
 * A Markdown answer as HTML for the clipboard, made to be pasted into Word, WPS or WeChat: these know no style
 * sheets, so what a table or code needs stands in the elements, and formulas are MathML. The same rules as in the
 * thread: HTML is text, no image is loaded, links lead out by http, https or mail only.
 */
import rehypeKatex from 'rehype-katex'
import rehypeStringify from 'rehype-stringify'
import remarkCjkFriendly from 'remark-cjk-friendly'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import { normaliseFormulas } from '../../../shared/lib/normalise-formulas.ts'
import { remarkChat } from '../../../shared/lib/remark-chat.ts'
import { safeUrl } from '../../lib/safe-url.ts'
import { withoutReasoning } from './markdown/split-reasoning.ts'

interface Element {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: Element[]
}

const mono = "font-family: Consolas, Menlo, 'Noto Sans Mono CJK SC', monospace"
const cell = 'border: 1px solid #bbb; padding: 4px 8px'
const styles: Record<string, string> = {
  table: 'border-collapse: collapse',
  th: cell,
  td: cell,
  pre: `${mono}; background: #f4f3f1; padding: 8px; white-space: pre-wrap`,
  code: mono,
  blockquote: 'border-left: 3px solid #bbb; margin-left: 0; padding-left: 12px',
}

const processor = unified()
  .use(remarkParse)
  .use(remarkGfm, { singleTilde: false })
  .use(remarkCjkFriendly)
  .use(remarkMath, { singleDollarTextMath: false })
  .use(remarkChat)
  .use(remarkRehype)
  .use(rehypeKatex, { output: 'mathml', strict: false, errorColor: 'inherit', maxSize: 50 })
  .use(() => prepare)
  .use(rehypeStringify)

/** Without what the model thought. */
export function toRichText(markdown: string): string {
  return String(processor.processSync(normaliseFormulas(withoutReasoning(markdown), false)))
}

function prepare(node: Element): void {
  node.children = node.children?.flatMap((child): Element[] => {
    const { tagName = '', properties = {} } = child
    if (tagName === 'img') return asLink(properties)
    prepare(child)
    // Where it is pasted, a jump to a footnote would lead to this window's own address.
    if (tagName === 'a' && String(properties.href).startsWith('#')) {
      return 'dataFootnoteBackref' in properties ? [] : (child.children ?? [])
    }
    if (tagName === 'a') {
      const address = safeUrl(String(properties.href))
      if (address === null) return child.children ?? []
      child.properties = { href: address }
    }
    if (tagName === 'input') return [{ type: 'text', value: properties.checked ? '☑' : '☐' }]
    const style = styles[tagName]
    if (style) child.properties = { ...(properties.align ? { align: properties.align } : {}), style }
    return [child]
  })
}

function asLink({ src, alt }: Record<string, unknown>): Element[] {
  const address = safeUrl(String(src))
  const text = { type: 'text', value: String(alt || address || '') }
  return address === null ? [text] : [{ type: 'element', tagName: 'a', properties: { href: address }, children: [text] }]
}
