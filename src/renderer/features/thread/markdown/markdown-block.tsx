/**
 * One block of Markdown as elements. Nothing in it is trusted: HTML is shown as text, no image is loaded, links open
 * outside and only by http, https or mail.
 */
import { Image } from 'lucide-react'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown from 'react-markdown'
import type { Components, Options } from 'react-markdown'
import remarkCjkFriendly from 'remark-cjk-friendly'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import { normaliseFormulas } from '../../../../shared/lib/normalise-formulas.ts'
import { remarkChat } from '../../../../shared/lib/remark-chat.ts'
import { OutsideLink } from '../../../components/outside-link.tsx'
import { safeUrl } from '../../../lib/safe-url.ts'
import { CodeBlock } from './code-block.tsx'
import { Formula } from './formula.tsx'
import { healBlock } from './heal-block.ts'
import { NoteReference } from './note-reference.tsx'
import type { Notes } from './number-notes.ts'
import { remarkNotes } from './remark-notes.ts'

interface MarkdownBlockProps {
  source: string
  growing: boolean
  /** Footnotes that it may name. */
  notes?: Notes | undefined
  /** Elements that are shown in another way than elsewhere. */
  overrides?: Components
}

export const MarkdownBlock = memo(function MarkdownBlock({ source, growing, notes, overrides }: MarkdownBlockProps) {
  const plugins = useMemo(() => (notes ? [...remarkPlugins, [remarkNotes, notes]] : remarkPlugins), [notes])
  if (isTooMuch(source)) return <p className="whitespace-pre-wrap">{source}</p>
  return (
    <ReactMarkdown
      remarkPlugins={plugins as Options['remarkPlugins']}
      components={overrides ? { ...components, ...overrides } : components}
      urlTransform={transformUrl}
    >
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

const remarkPlugins: NonNullable<Options['remarkPlugins']> = [
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
  sup: ({ node, children }) => {
    const number = node?.properties.dataNote
    return typeof number === 'number' ? <NoteReference number={number} /> : <sup>{children}</sup>
  },
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
