/**
 * A model's answer as a page. Nothing in it is trusted: HTML is shown as text, no image is loaded,
 * links open outside and only by http, https or mail. Each top-level block is rendered by itself
 * and again only if it changed, so a growing answer costs what its last block costs.
 */
import { Image } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown from 'react-markdown'
import type { Components, Options } from 'react-markdown'
import remarkCjkFriendly from 'remark-cjk-friendly'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import { OutsideLink } from '../../../components/outside-link.tsx'
import { safeUrl } from '../../../lib/safe-url.ts'
import { CodeBlock } from './code-block.tsx'
import { Formula } from './formula.tsx'
import { healBlock } from './heal-block.ts'
import { normaliseFormulas } from '../../../../shared/lib/normalise-formulas.ts'
import { remarkChat } from '../../../../shared/lib/remark-chat.ts'
import type { Block } from './split-blocks.ts'
import './markdown.css'

interface MarkdownProps {
  blocks: readonly Block[]
  /** The last block is still being written. */
  growing: boolean
}

export function Markdown({ blocks, growing }: MarkdownProps) {
  const definitions = blocks.filter(({ type }) => type === 'def').map(({ source }) => source).join('')
  return (
    <div className="markdown" data-selectable data-growing={growing || undefined}>
      {blocks.map(({ source, code, type }, index) => {
        const isGrowing = growing && index === blocks.length - 1
        if (type === 'def') return null
        if (code) {
          // A fence whose line is not complete has no name yet, and one that closes now no text of it.
          const language = isGrowing && !source.includes('\n') ? '' : code.language
          const text = isGrowing ? code.text.replace(/(?:^|\n)[ \t]*(?:`+|~+)$/, '') : code.text
          return <CodeBlock key={index} code={text} language={language} growing={isGrowing} />
        }
        const withDefinitions = definitions && source.includes('[') ? `${source}\n\n${definitions}` : source
        return <MarkdownBlock key={index} source={isGrowing ? source : withDefinitions} growing={isGrowing} />
      })}
    </div>
  )
}

interface MarkdownBlockProps {
  source: string
  growing: boolean
}

const MarkdownBlock = memo(function MarkdownBlock({ source, growing }: MarkdownBlockProps) {
  if (isTooMuch(source)) return <p className="whitespace-pre-wrap">{source}</p>
  return (
    <ReactMarkdown remarkPlugins={remarkPlugins} components={components} urlTransform={transformUrl}>
      {growing ? healBlock(source) : normaliseFormulas(source, false)}
    </ReactMarkdown>
  )
})

/** Larger, with more brackets and stars, or deeper than what people or models write: the parser would take seconds. */
function isTooMuch(source: string): boolean {
  return (
    source.length > 50_000 ||
    source.replace(/[^*_[\]]+/g, '').length > 2_000 ||
    /^(?:[ \t]*(?:>|[-*+]|\d+[.)])){50}/m.test(source)
  )
}

const remarkPlugins: Options['remarkPlugins'] = [
  // `3~5` and `好~` are not struck out.
  [remarkGfm, { singleTilde: false }],
  remarkCjkFriendly,
  [remarkMath, { singleDollarTextMath: false }],
  remarkChat,
]

/** Of images too, whose address only becomes a link. */
const transformUrl = (address: string) => safeUrl(address)

const components: Components = {
  a: ({ href, children }) => (href ? <OutsideLink href={href}>{children}</OutsideLink> : <span>{children}</span>),
  img: ({ src, alt }) => <ImagePlaceholder address={typeof src === 'string' ? src : null} description={alt ?? ''} />,
  pre({ node }) {
    const code = node?.children[0]
    if (code?.type !== 'element') return null
    const text = code.children[0]
    const value = text?.type === 'text' ? text.value : ''
    const classes = (code.properties.className ?? [])
    if (classes.includes('math-display')) return <Formula tex={value} display />
    const language = classes.find((name) => name.startsWith('language-'))?.slice('language-'.length)
    return <CodeBlock code={value.replace(/\n$/, '')} language={language ?? ''} growing={false} />
  },
  code: ({ className, children }) =>
    className?.includes('math-inline') ? <Formula tex={String(children)} display={false} /> : <code>{children}</code>,
  table: ({ children }) => (
    <div className="table-box" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => <TaskBox done={checked === true} />,
}

/** Stands for an image, which is never loaded: fetching it would tell its server that it was shown. */
function ImagePlaceholder({ address, description }: { address: string | null; description: string }) {
  const { t } = useTranslation()
  const content = (
    <>
      <Image aria-hidden className="me-1 inline size-4 align-[-0.2em]" strokeWidth={1.75} />
      {description || t('thread.image')}
    </>
  )
  if (!address) return <span className="text-secondary">{content}</span>
  return <OutsideLink href={address}>{content}</OutsideLink>
}

function TaskBox({ done }: { done: boolean }) {
  const { t } = useTranslation()
  return <input type="checkbox" checked={done} disabled aria-label={t(done ? 'thread.taskDone' : 'thread.taskOpen')} />
}
