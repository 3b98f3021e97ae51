import { useVirtualizer } from '@tanstack/react-virtual'
import { Popover } from 'radix-ui'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { CSSProperties, KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenChoice } from '../../../shared/contract/generation.ts'
import { TokenChoices } from './token-choices.tsx'
import { tokenGroups, tokenStarts } from './token-pieces.ts'
import { shownToken, tokenPercent } from './token-text.ts'
import './tokens.css'

interface AnswerTokensProps {
  tokens: readonly (TokenChoice & { choices: TokenChoice[] })[]
  /** The answer. */
  text: string
  /** With the text that the answer is to begin with. */
  onContinue: (text: string) => void
}

/** Tokens to press, one stop of the Tab key; the left and right arrows go from one to the next. */
export function AnswerTokens({ tokens, text, onContinue }: AnswerTokensProps) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const anchor = useRef<HTMLElement | null>(null)
  /** Where the Tab key comes in; `isMoved` brings the focus there. */
  const [active, setActive] = useState({ index: 0, isMoved: false })
  const [opened, setOpened] = useState<number | null>(null)
  const groups = useMemo(() => tokenGroups(tokens, 24), [tokens])
  const starts = useMemo(() => tokenStarts(tokens.map(({ text }) => text), text), [tokens, text])
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const virtual = useVirtualizer({
    count: groups.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 96,
    overscan: 6,
  })

  useEffect(() => {
    if (!active.isMoved) return
    virtual.scrollToIndex(groups.findIndex(([from, to]) => active.index >= from && active.index < to))
    const frame = requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-token="${active.index}"]`)?.focus()
    })
    return () => cancelAnimationFrame(frame)
    // The virtualizer is one object for as long as the list is shown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active])

  function onKeyDown(event: KeyboardEvent) {
    const last = tokens.length - 1
    const { index } = active
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last }[event.key]
    if (next === undefined) return
    event.preventDefault()
    setActive({ index: Math.min(last, Math.max(0, next)), isMoved: true })
  }

  return (
    <Popover.Root open={opened !== null} onOpenChange={(open) => !open && setOpened(null)}>
      <Popover.Anchor virtualRef={anchor} />
      <div
        ref={scroller}
        role="group"
        aria-label={t('prompt.tokensOf')}
        onKeyDown={onKeyDown}
        className="min-h-64 flex-1 overflow-y-auto rounded-control border border-line p-3 text-reading"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index: row, start }) => {
            const [from, to] = groups[row]!
            return (
              <div
                key={row}
                ref={virtual.measureElement}
                data-index={row}
                className="absolute inset-x-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {tokens.slice(from, to).map((token, offset) => {
                  const index = from + offset
                  const percent = tokenPercent(token.probability)
                  return (
                    <button
                      key={index}
                      type="button"
                      data-token={index}
                      tabIndex={index === active.index ? 0 : -1}
                      aria-haspopup="dialog"
                      aria-expanded={opened === index}
                      onClick={(event) => {
                        anchor.current = event.currentTarget
                        setActive({ index, isMoved: false })
                        setOpened(index)
                      }}
                      className="token-choice"
                      style={{ '--probability': token.probability } as CSSProperties}
                    >
                      <span>{shownToken(token.text).trimEnd() || '␣'}</span> <small>{percent}</small>
                    </button>
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
      {opened !== null && (
        <Popover.Portal>
          <Popover.Content
            aria-label={t('prompt.choices')}
            sideOffset={6}
            collisionPadding={12}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              anchor.current?.focus()
            }}
            className="z-50 w-80 max-w-[calc(100vw-2rem)] animate-appear rounded-surface border border-line bg-float p-3
              shadow-float outline-none"
          >
            <TokenChoices
              token={tokens[opened]!}
              isInside={typeof starts[opened] !== 'number'}
              onContinue={(choice) => onContinue(text.slice(0, starts[opened]!) + choice)}
            />
          </Popover.Content>
        </Popover.Portal>
      )}
    </Popover.Root>
  )
}
