import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { closeOpened } from './discover-store.ts'

interface OpenedPageProps {
  title: string
  /** Beside the title. */
  aside?: ReactNode
  children: ReactNode
}

/** The page of one model, in place of the lists. Escape goes back to them. */
export function OpenedPage({ title, aside, children }: OpenedPageProps) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <article
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        closeOpened()
      }}
      className="min-h-0 flex-1 overflow-y-auto"
    >
      <div className="mx-auto flex max-w-280 flex-col gap-6 px-6 pt-4 pb-10">
        <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Button look="quiet" className="-ms-3" onClick={closeOpened}>
            <ArrowLeft aria-hidden className="size-4" strokeWidth={1.75} />
            {t('discover.back')}
          </Button>
          <h2
            ref={heading}
            tabIndex={-1}
            className="min-w-0 text-heading font-semibold outline-none wrap-anywhere"
            data-selectable
          >
            {title}
          </h2>
          {aside}
        </header>
        {children}
      </div>
    </article>
  )
}

export function PageSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  )
}

/** Names and what they stand for, in two columns where there is room. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode] | false)[] }) {
  return (
    <dl className="grid gap-x-8 gap-y-1.5 [grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr))]">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]} className="flex gap-4">
              <dt className="w-28 shrink-0 text-secondary">{fact[0]}</dt>
              <dd className="min-w-0 flex-1 wrap-anywhere" data-selectable>
                {fact[1]}
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
