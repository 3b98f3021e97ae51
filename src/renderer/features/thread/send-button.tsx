import { ArrowUp, Square } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Tooltip } from '../../components/tooltip.tsx'

interface SendButtonProps {
  running: boolean
  disabled: boolean
  onSend: () => void
  onStop: () => void
}

/** Sends; while an answer is running, stops it. */
export function SendButton({ running, disabled, onSend, onStop }: SendButtonProps) {
  const { t } = useTranslation()
  const label = t(running ? 'thread.stop' : 'thread.send')
  return (
    <Tooltip text={label} shortcut={running ? 'Esc' : 'Enter'} side="top">
      <button
        type="button"
        aria-label={label}
        disabled={disabled && !running}
        onClick={running ? onStop : onSend}
        className="grid size-8 shrink-0 place-items-center rounded-control bg-accent text-on-accent transition-opacity
          hover:opacity-90 disabled:opacity-40"
      >
        {running ? (
          <Square aria-hidden className="size-3.5 fill-current" />
        ) : (
          <ArrowUp aria-hidden className="size-4.5" strokeWidth={2} />
        )}
      </button>
    </Tooltip>
  )
}
