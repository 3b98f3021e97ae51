/**
 * A chat as one page for reading, to be given to others. Invariants: it needs nothing but itself and can do nothing: no
 * script, no network, no form (its Content-Security-Policy forbids them even if one got in), and what a message
 * says is text: HTML in it is shown, no picture is loaded, links lead out by http, https or mail only.
 */
import { createHash } from 'node:crypto'
import rehypeHighlight from 'rehype-highlight'
import rehypeKatex from 'rehype-katex'
import rehypeStringify from 'rehype-stringify'
import remarkCjkFriendly from 'remark-cjk-friendly'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import type { ExportWords } from '../../shared/contract/interchange.ts'
import { normaliseFormulas } from '../../shared/lib/normalise-formulas.ts'
import { remarkChat } from '../../shared/lib/remark-chat.ts'
import { pageStyle } from './html-style.ts'
import { figuresOf, splitReasoning } from './shown-chat.ts'
import type { AttachmentTexts, ShownChat } from './shown-chat.ts'

const styleHash = createHash('sha256').update(pageStyle).digest('base64')
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`

export function toHtml(
  { chat, systemPrompt, path }: ShownChat,
  words: ExportWords,
  attachmentText: AttachmentTexts,
): string {
  const title = escaped(chat.title || words.untitled)
  const locale = words.language === 'zh' ? 'zh-CN' : 'en'
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const files = (attachments: ShownChat['path'][number]['attachments']) =>
    attachments
      .map(({ id, name }) => folded(escaped(name), `<pre tabindex="0">${escaped(attachmentText(id) ?? '')}</pre>`))
      .join('')

  const messages = path.map(({ role, text, createdAt, runCard, attachments }, index) => {
    const { reasoning, answer } = role === 'assistant' ? splitReasoning(text) : { reasoning: '', answer: text }
    const figures = [...(runCard ? [escaped(figuresOf(runCard))] : []), escaped(dates.format(createdAt))].join(' · ')
    return `<article class="${role}">
<h2>${escaped(words[role])}</h2>
${files(attachments)}${reasoning && folded(escaped(words.reasoning), markdownToHtml(reasoning, `${index}r-`, words.footnotes))}
<div class="text" dir="auto">${answer ? markdownToHtml(answer, `${index}-`, words.footnotes) : escaped(words.noText)}</div>
<p class="figures">${figures}</p>
</article>`
  })
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Yangtuo">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${systemPrompt && folded(escaped(words.system), `<pre tabindex="0">${escaped(systemPrompt)}</pre>`)}
${messages.join('\n')}
</main>
</body>
</html>
`
}

function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>${content}</details>`
}

function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => names[character]!)
}

/** Each message has the ids of its footnotes for itself. */
export function markdownToHtml(source: string, idPrefix: string, footnotes: string): string {
  if (isTooMuch(source)) return `<pre class="plain">${escaped(source)}</pre>`
  const processor = unified()
    .use(remarkParse)
    .use(remarkGfm, { singleTilde: false })
    .use(remarkCjkFriendly)
    .use(remarkMath, { singleDollarTextMath: false })
    .use(remarkChat as () => void)
    .use(remarkRehype, {
      clobberPrefix: idPrefix,
      footnoteLabel: footnotes,
      footnoteBackLabel: (index) => `↑ ${index + 1}`,
    })
    .use(rehypeHighlight)
    .use(rehypeKatex, { output: 'mathml', strict: false, maxExpand: 1000 })
    .use(rehypeHarmless)
    .use(rehypeStringify)
  try {
    return String(processor.processSync(normaliseFormulas(source, false)))
  } catch {
    // Nested thousands deep, it exhausts the stack.
    return `<pre class="plain">${escaped(source)}</pre>`
  }
}

/** Larger or deeper than what people or models write: the parser would take minutes. */
function isTooMuch(source: string): boolean {
  return (
    source.length > 500_000 ||
    source.replace(/^ {0,3}(```+|~~~+)[\s\S]*?^ {0,3}\1/gm, '').replace(/[^*_[\]]+/g, '').length > 8_000 ||
    /^(?:[ \t]*(?:>|[-*+]|\d+[.)])){50}/m.test(source)
  )
}

interface Node {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: Node[]
}

const safeProtocols = new Set(['http:', 'https:', 'mailto:'])

/** Links that lead anywhere else lose their address; pictures become links to them; nothing carries a style. */
function rehypeHarmless() {
  return (tree: object) => harmless(tree as Node)
}

function harmless(node: Node): void {
  for (const child of node.children ?? []) {
    const { properties } = child
    if (properties) {
      delete properties.style
      if (child.tagName === 'img') {
        const { src, alt } = properties
        const text = [alt, src].filter((value) => typeof value === 'string' && value !== '').join(' – ')
        Object.assign(child, { tagName: 'a', properties: { href: src }, children: [{ type: 'text', value: text }] })
      }
      if (child.tagName === 'a') setAddress(child)
      if (child.tagName === 'pre') properties.tabIndex = 0
    }
    harmless(child)
  }
}

function setAddress(link: Node): void {
  const { href, dataFootnoteRef, dataFootnoteBackref } = link.properties!
  if (dataFootnoteRef !== undefined || dataFootnoteBackref !== undefined) return
  const url = typeof href === 'string' ? URL.parse(href) : null
  if (url && safeProtocols.has(url.protocol)) {
    link.properties = { href: url.href, target: '_blank', rel: ['noopener', 'noreferrer'] }
  } else link.properties = {}
}
