import { TriangleAlert, X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { closeToast, useToasts } from '../lib/toast-store.ts'
import { IconButton } from './icon-button.tsx'

const shownMs = 8000

/** Where toasts appear: beside the rail at the bottom, so that the composer stays free. */
export function Toaster() {
  const { t } = useTranslation()
  const toasts = useToasts((state) => state.toasts)
  return (
    <Radix.Provider label={t('common.notice')}>
      {toasts.map(({ id, text, failure, action }) => (
        <Radix.Root
          key={id}
          type={failure ? 'foreground' : 'background'}
          duration={failure ? Infinity : shownMs}
          onOpenChange={(open) => !open && closeToast(id)}
          className="flex animate-appear items-start gap-2 rounded-control border border-line bg-float py-1.5 ps-3 pe-1.5
            shadow-float"
        >
          {failure && <TriangleAlert aria-hidden className="mt-1.5 size-4 shrink-0 text-danger" strokeWidth={1.75} />}
          <Radix.Description className="min-w-0 flex-1 py-1 break-words" data-selectable>
            {text}
          </Radix.Description>
          {action && (
            <Radix.Action asChild altText={action.label}>
              <button
                type="button"
                onClick={action.run}
                className="h-7 shrink-0 rounded-small px-2 font-semibold text-accent hover:bg-hover"
              >
                {action.label}
              </button>
            </Radix.Action>
          )}
          <Radix.Close asChild>
            <IconButton label={t('common.close')} icon={X} side="top" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport
        className="fixed bottom-3 left-15 z-50 flex w-80 max-w-[calc(100vw-5rem)] flex-col gap-2 outline-none"
      />
    </Radix.Provider>
  )
}
