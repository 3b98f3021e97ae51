/**
 * A diagram or mind map, drawn in a frame that can do nothing but draw: `sandbox` gives it an origin of its own, and
 * its Content-Security-Policy (server/web-ui/web-ui-files.ts) no network at all. The frame is told the source and the
 * theme, and tells its size, the picture to be saved, or why it could not draw; each is checked here. Nothing of
 * it is loaded before the first diagram comes into the page.
 */
import { Code, Download, Maximize, Minus, Plus } from 'lucide-react'
import { memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../components/icon-button.tsx'
import { saveFile } from '../../../lib/save-file.ts'
import { CodeBlock } from './code-block.tsx'
import { toFrameMessage } from './frame-message.ts'
import { useDark } from './use-dark.ts'

type Kind = 'mermaid' | 'markmap'

interface DiagramProps {
  kind: Kind
  source: string
}

const timeoutMs = 15_000
const mostCharacters = 50_000

export function diagramKind(language: string): Kind | null {
  const name = language.toLowerCase()
  return name === 'mermaid' || name === 'markmap' ? name : null
}

type State = { is: 'drawing' } | { is: 'drawn'; heightPx: number } | { is: 'failed'; why: string }

export const Diagram = memo(function Diagram({ kind, source }: DiagramProps) {
  const { t } = useTranslation()
  const [asSource, setAsSource] = useState(false)
  const [state, setState] = useState<State>({ is: 'drawing' })
  const frame = useRef<HTMLIFrameElement>(null)
  const isDark = useDark()
  const isTooLong = source.length > mostCharacters
  const failure = isTooLong
    ? t('reading.notDrawnTooLong', { count: mostCharacters })
    : state.is === 'failed'
      ? state.why
      : null

  useEffect(() => {
    const late = setTimeout(() => {
      setState((now) =>
        now.is === 'drawing' ? { is: 'failed', why: t('reading.notDrawnInTime', { seconds: timeoutMs / 1000 }) } : now,
      )
    }, timeoutMs)
    function onMessage(event: MessageEvent) {
      if (!frame.current || event.source !== frame.current.contentWindow) return
      const message = toFrameMessage(event.data)
      if (message?.type === 'ready') tell({ type: 'draw', source, isDark })
      else if (message?.type === 'drawn') setState({ is: 'drawn', heightPx: message.heightPx })
      else if (message?.type === 'failed') setState({ is: 'failed', why: message.why })
      else if (message?.type === 'svg') saveFile(`${kind}.svg`, new Blob([message.text], { type: 'image/svg+xml' }))
    }
    // The theme may have changed while it stood.
    tell({ type: 'draw', source, isDark })
    window.addEventListener('message', onMessage)
    return () => {
      clearTimeout(late)
      window.removeEventListener('message', onMessage)
    }
  }, [kind, source, isDark, asSource, t])

  /** To an opaque origin nothing but `*` can be addressed; what is told is only the source. */
  function tell(message: object) {
    frame.current?.contentWindow?.postMessage(message, '*')
  }

  const toSource = (
    <IconButton
      label={asSource ? t('reading.showDiagram') : t('reading.showSource')}
      icon={Code}
      aria-pressed={asSource}
      onClick={() => {
        setAsSource(!asSource)
        setState({ is: 'drawing' })
      }}
    />
  )
  if (failure !== null) {
    return (
      <div>
        <p role="note" className="mb-2 text-interface text-secondary wrap-anywhere">
          {t('reading.notDrawn', { why: failure })}
        </p>
        <CodeBlock code={source} language={kind} growing={false} />
      </div>
    )
  }
  if (asSource) return <CodeBlock code={source} language={kind} growing={false} actions={toSource} />
  const label = t(kind === 'mermaid' ? 'reading.diagram' : 'reading.mindMap')
  return (
    <div className="code-block">
      <div className="code-block-head">
        <span>{state.is === 'drawing' ? t('reading.drawing') : label}</span>
        <span className="flex">
          {toSource}
          <IconButton label={t('reading.zoomOut')} icon={Minus} onClick={() => tell({ type: 'zoom', factor: 0.8 })} />
          <IconButton label={t('reading.zoomIn')} icon={Plus} onClick={() => tell({ type: 'zoom', factor: 1.25 })} />
          <IconButton label={t('reading.zoomFit')} icon={Maximize} onClick={() => tell({ type: 'fit' })} />
          <IconButton label={t('reading.saveSvg')} icon={Download} onClick={() => tell({ type: 'save' })} />
        </span>
      </div>
      <iframe
        ref={frame}
        title={label}
        src={`./${kind}-frame.html`}
        sandbox="allow-scripts"
        referrerPolicy="no-referrer"
        tabIndex={-1}
        style={{ height: state.is === 'drawn' ? state.heightPx : 160 }}
        className="w-full border-0"
      />
    </div>
  )
})
