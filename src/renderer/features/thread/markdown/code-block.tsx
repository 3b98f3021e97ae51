import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../../components/copy-button.tsx'
import { lazyModule } from './use-lazy-module.ts'

const useHighlighter = lazyModule(() => import('./highlight.ts'))

/** Longer code stays plain: while it grows it is coloured anew each time, and once done it would stop the page. */
const growingMostCharacters = 8_000
const doneMostCharacters = 100_000

interface CodeBlockProps {
  code: string
  /** As named after the fence, such as `python`; may be empty. */
  language: string
  growing: boolean
}

export const CodeBlock = memo(function CodeBlock({ code, language, growing }: CodeBlockProps) {
  const { t } = useTranslation()
  const highlighter = useHighlighter()
  const coloured = language !== '' && code.length <= (growing ? growingMostCharacters : doneMostCharacters)
  const content = useMemo(
    () => (highlighter && coloured ? highlighter.highlight(code, language) : code),
    [highlighter, coloured, code, language],
  )
  return (
    <div className="code-block">
      <div className="code-block-head">
        <span>{language}</span>
        <CopyButton text={code} label={t('thread.copyCode')} />
      </div>
      <pre tabIndex={0}>
        <code>{content}</code>
      </pre>
    </div>
  )
})
