import { Unplug } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../lib/connection.ts'

/** Says that the host is out of reach; nothing moves for it. A blink of the connection is not worth telling. */
export function ConnectionNotice() {
  const { t } = useTranslation()
  const lost = useConnection(({ state }) => state === 'reconnecting')
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 top-12 z-40 flex justify-center px-4">
      {lost && (
        <p
          className="flex animate-appear items-center gap-2 rounded-control border border-line bg-float px-3 py-1.5
            shadow-float [animation-delay:600ms] [animation-fill-mode:backwards]"
        >
          <Unplug aria-hidden className="size-4 shrink-0 text-warning" strokeWidth={1.75} />
          {t('common.reconnecting')}
        </p>
      )}
    </div>
  )
}
