/**
 * A text field that tells the model's words from the person's. A field cannot colour its text, so the
 * same text lies behind it, unseen but for the ground under what the model wrote; both break their
 * lines alike because they share every style.
 */
import { useTranslation } from 'react-i18next'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'

export interface TextPiece {
  text: string
  isModel: boolean
}

interface CompletionTextProps {
  text: string
  /** What was written before the person changed it. */
  pieces: TextPiece[]
  readOnly: boolean
  onChange: (text: string) => void
  onLeave: () => void
  /** Ctrl (on a Mac: Cmd) and Enter. */
  onSubmit: () => void
  /** Escape. */
  onCancel: (() => void) | undefined
}

/** The most that the contract takes. */
const mostCharacters = 2_000_000

const shared = 'col-start-1 row-start-1 p-2 text-reading whitespace-pre-wrap wrap-anywhere'

export function CompletionText({ text, pieces, readOnly, onChange, onLeave, onSubmit, onCancel }: CompletionTextProps) {
  const { t } = useTranslation()
  const keys = useTextInputKeys({ onCancel })
  return (
    <div className="grid flex-1">
      <div aria-hidden className={`${shared} pointer-events-none text-transparent select-none`}>
        {unchangedPieces(pieces, text).map(({ text, isModel }, index) => (
          <span key={index} className={isModel ? 'rounded-small bg-accent/12 box-decoration-clone' : ''}>
            {text}
          </span>
        ))}
      </div>
      <textarea
        aria-label={t('thread.completion')}
        placeholder={t('thread.completionPlaceholder')}
        maxLength={mostCharacters}
        value={text}
        readOnly={readOnly}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onLeave}
        {...keys}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
            event.preventDefault()
            onSubmit()
          } else keys.onKeyDown(event)
        }}
        className={`${shared} field-sizing-content min-h-40 resize-none overflow-hidden bg-transparent outline-none`}
      />
    </div>
  )
}

/** The pieces as far as the text still begins with them. */
function unchangedPieces(pieces: TextPiece[], text: string): TextPiece[] {
  const shown: TextPiece[] = []
  let at = 0
  for (const piece of pieces) {
    if (!text.startsWith(piece.text, at)) break
    shown.push(piece)
    at += piece.text.length
  }
  return shown
}
