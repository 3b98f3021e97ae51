import { Download, WrapText } from 'lucide-react'
import { memo, useDeferredValue, useMemo } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../../components/copy-button.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { saveFile } from '../../../lib/save-file.ts'
import { updateSettings, useSettings } from '../../../lib/settings-store.ts'
import { codeFileName } from './code-file-name.ts'
import { lazyModule } from './use-lazy-module.ts'

const useHighlighter = lazyModule(() => import('./highlight.ts'))

/** Longer code stays plain: while it grows it is coloured anew each time, and once done it would stop the page. */
const growingMostCharacters = 4_000
const doneMostCharacters = 30_000
/** Plain code is put into the page in pieces, so that growing changes only the last. */
const pieceCharacters = 4_000

interface CodeBlockProps {
  code: string
  /** As named after the fence, such as `python`; may be empty. */
  language: string
  growing: boolean
  /** More buttons, before the others. */
  actions?: ReactNode
}

export const CodeBlock = memo(function CodeBlock({ code, language, growing, actions }: CodeBlockProps) {
  const { t } = useTranslation()
  const wrap = useSettings(({ settings }) => settings?.wrapCode ?? false)
  const highlighter = useHighlighter()
  const mayColour = language !== '' && code.length <= (growing ? growingMostCharacters : doneMostCharacters)
  // Colouring waits until the text itself is shown.
  const isColoured = useDeferredValue(mayColour, false) && mayColour
  const content = useMemo(
    () => (highlighter && isColoured ? highlighter.highlight(code, language) : piecesOf(code)),
    [highlighter, isColoured, code, language],
  )
  return (
    <div className="code-block" data-wrap={wrap || undefined}>
      <div className="code-block-head">
        <span>{language}</span>
        <span className="flex">
          {actions}
          <IconButton
            label={t('reading.wrapCode')}
            icon={WrapText}
            aria-pressed={wrap}
            onClick={() => void updateSettings({ wrapCode: !wrap })}
          />
          <IconButton
            label={t('reading.saveCode')}
            icon={Download}
            onClick={() => saveFile(codeFileName(language), new Blob([code], { type: 'text/plain;charset=utf-8' }))}
          />
          <CopyButton text={code} label={t('thread.copyCode')} />
        </span>
      </div>
      <pre tabIndex={0} dir="ltr">
        <code>{content}</code>
      </pre>
    </div>
  )
})

function piecesOf(code: string): ReactNode {
  if (code.length <= pieceCharacters) return code
  const pieces: string[] = []
  for (let at = 0; at < code.length; ) {
    // At the end of a line, so that no character is cut in two.
    const lineEnd = code.indexOf('\n', at + pieceCharacters)
    const end = lineEnd === -1 ? code.length : lineEnd + 1
    pieces.push(code.slice(at, end))
    at = end
  }
  return pieces
}
