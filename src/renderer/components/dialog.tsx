import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './icon-button.tsx'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  /** Buttons, the main one last. */
  footer?: ReactNode
  /** For lists and texts that need room. */
  wide?: boolean
}

const size = 'max-h-[min(85vh,40rem)] w-[min(28rem,calc(100vw-2rem))]'
const wideSize = 'h-[min(88vh,52rem)] w-[min(60rem,calc(100vw-2rem))]'

/** A question or a form above the window. Escape and a click beside it close it. */
export function Dialog({ open, onClose, title, children, footer, wide = false }: DialogProps) {
  const { t } = useTranslation()
  const opener = useRef<Element | null>(null)
  return (
    <Radix.Root open={open} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            // The dialog itself, not its first button: that one's tooltip would take the first Escape.
            event.preventDefault()
            opener.current = document.activeElement
            ;(event.currentTarget as HTMLElement).focus()
          }}
          onEscapeKeyDown={(event) => {
            // It belongs to the input method, which takes back what is being typed.
            if (event.isComposing || event.keyCode === 229) event.preventDefault()
          }}
          onCloseAutoFocus={(event) => {
            // There is no trigger that Radix knows: the focus goes back to where it was.
            event.preventDefault()
            if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true })
          }}
          className={`fixed top-1/2 left-1/2 z-40 flex -translate-1/2 animate-appear flex-col rounded-surface border
            border-line bg-float shadow-float outline-none ${wide ? wideSize : size}`}
        >
          <div className="flex items-start gap-3 px-5 pt-4">
            <Radix.Title className="min-w-0 flex-1 pt-0.5 text-reading font-semibold break-words">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t('common.close')} icon={X} className="-me-1.5" />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-2 pb-5" tabIndex={0} data-selectable>
            {children}
          </div>
          {footer && <div className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
