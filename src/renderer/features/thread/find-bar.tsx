import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { closeFind, findHits, setQuery, useFind } from './find-store.ts'
import { useThread } from './thread-store.ts'

interface FindBarProps {
  /** The message that is at the top of what is in sight: the first hit is looked for from there. */
  firstInSight: () => string | null
  /** Brings a message into view without giving it the focus. */
  onShow: (messageId: string) => Promise<unknown>
}

/** Finds in the open chat, over the text like a browser's own. */
export function FindBar({ firstInSight, onShow }: FindBarProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const query = useFind((find) => find.query)
  const active = useFind((find) => find.active)
  const path = useThread((thread) => thread.path)
  const messages = useThread((thread) => thread.messages)
  const wanted = useDeferredValue(query)
  const hits = useMemo(() => findHits(path, messages, wanted), [path, messages, wanted])
  const at = active ? hits.findIndex((hit) => hit.messageId === active.messageId && hit.ordinal === active.ordinal) : -1

  useEffect(() => {
    const before = document.activeElement
    field.current?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])

  // What was typed shows its first hit, from where the person reads.
  useEffect(() => {
    if (useFind.getState().active || hits.length === 0) return
    const from = firstInSight()
    const inSight = from === null ? 0 : path.indexOf(from)
    show(hits.findIndex(({ position }) => position >= inSight))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is in sight matters only when the hits are new
  }, [hits])

  function show(index: number) {
    const hit = hits[(index + hits.length) % hits.length] ?? hits[0]
    if (!hit) return
    // A message that is far away is put into the page first; marking it brings the hit into view.
    void onShow(hit.messageId).then(() => useFind.setState(({ isOpen }) => (isOpen ? { active: hit } : {})))
  }

  const keys = useTextInputKeys({ onSubmit: () => show(at + 1), onCancel: closeFind })
  const count =
    wanted === ''
      ? ''
      : hits.length === 0
        ? t('reading.noHits')
        : t('reading.hit', { number: formatNumber(at + 1), count: hits.length })
  return (
    <div
      role="search"
      aria-label={t('reading.find')}
      className="absolute end-4 top-2 z-10 flex w-80 max-w-[calc(100%-2rem)] animate-appear items-center gap-1
        rounded-control border border-line bg-float p-1 shadow-float focus-within:border-accent"
    >
      <input
        ref={field}
        type="search"
        value={query}
        aria-label={t('reading.find')}
        placeholder={t('reading.find')}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        onChange={(event) => setQuery(event.target.value)}
        {...keys}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            show(at - 1)
          } else keys.onKeyDown(event)
        }}
        className="h-7 min-w-0 flex-1 bg-transparent px-2 outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      <span role="status" className="shrink-0 text-small text-secondary">
        {count}
      </span>
      {[
        { label: t('reading.previousHit'), icon: ChevronUp, step: -1 },
        { label: t('reading.nextHit'), icon: ChevronDown, step: 1 },
      ].map(({ step, ...button }) => (
        <IconButton key={step} {...button} disabled={hits.length === 0} onClick={() => show(at + step)} />
      ))}
      <IconButton label={t('common.close')} icon={X} onClick={closeFind} />
    </div>
  )
}
