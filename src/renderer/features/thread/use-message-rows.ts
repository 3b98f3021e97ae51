/**
 * Which messages of the path are in the page: those in sight and some round them, so that a thread of ten
 * thousand opens and scrolls like one of ten. Also the last one, which may be growing (leaving it would end the
 * attachment to its run), the one that has the focus, and those of a selection. Heights are guessed until a message
 * has been in the page; what a guess was wrong by never moves what the person looks at.
 */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import type { Range, VirtualItem, Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { useThread } from './thread-store.ts'

export type MessageRows = ReturnType<typeof useMessageRows>

interface MessageRowsOptions {
  path: readonly string[]
  scroller: RefObject<HTMLDivElement | null>
  /** Whether the end of the thread is being followed. */
  following: RefObject<boolean>
  /** Called when heights have changed. */
  onHeights: () => void
}

/** More than a screen of short messages above and below. */
const overscan = 6
/** A selection of more messages than this is not kept whole. */
const mostSelected = 300

export function useMessageRows({ path, scroller, following, onHeights }: MessageRowsOptions) {
  const focused = useRef<string | null>(null)

  function rowsOf(range: Range): number[] {
    const rows = new Set([...defaultRangeExtractor(range), range.count - 1])
    if (focused.current !== null) {
      const index = path.indexOf(focused.current)
      if (index !== -1) rows.add(index)
    }
    for (const index of selectedRows(scroller.current)) if (index < range.count) rows.add(index)
    return [...rows].sort((a, b) => a - b)
  }

  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const virtualizer = useVirtualizer({
    count: path.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => path[index] ?? index,
    estimateSize: (index) => guessedHeight(path[index]!),
    overscan,
    paddingStart: 16,
    // The end of the thread, wherever that is.
    initialOffset: () => Number.MAX_SAFE_INTEGER,
    initialRect: { width: 0, height: window.innerHeight },
    anchorTo: 'end',
    rangeExtractor: path.length > 0 ? rowsOf : undefined,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
    onChange: onHeights,
  })
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, rows) =>
    !following.current && isAbove(item, rows)

  useEffect(() => {
    const box = scroller.current
    if (!box) return
    const onFocus = ({ target }: FocusEvent) => {
      focused.current = (target as Element).closest('[data-message]')?.getAttribute('data-message') ?? null
    }
    const onBlur = () => (focused.current = null)
    box.addEventListener('focusin', onFocus)
    box.addEventListener('focusout', onBlur)
    return () => {
      box.removeEventListener('focusin', onFocus)
      box.removeEventListener('focusout', onBlur)
    }
  }, [scroller])

  return virtualizer
}

/** A message seen for the first time pushes what is in sight if it begins above; a known one if it lies above wholly. */
function isAbove(item: VirtualItem, rows: Virtualizer<HTMLDivElement, Element>): boolean {
  const topPx = rows.scrollOffset ?? 0
  return rows.itemSizeCache.has(item.key) ? item.end <= topPx : item.start < topPx
}

/** About 60 characters a line, half of them Chinese. */
function guessedHeight(id: string): number {
  const { text = '', role } = useThread.getState().messages.get(id) ?? {}
  const lines = Math.ceil(text.length / 60)
  return (role === 'user' ? 68 : 80) + lines * 26
}

/** The rows that a selection reaches over, so that all of it is there to be copied. */
function selectedRows(box: HTMLElement | null): number[] {
  const selection = document.getSelection()
  if (!box || !selection || selection.isCollapsed) return []
  const [from, to] = [rowAt(selection.anchorNode, box), rowAt(selection.focusNode, box)].sort((a, b) => a - b)
  if (from === undefined || to === undefined || from < 0 || to - from > mostSelected) return []
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function rowAt(node: Node | null, box: HTMLElement): number {
  const element = node instanceof Element ? node : node?.parentElement
  const row = element && box.contains(element) ? element.closest('[data-message]') : null
  return Number(row?.getAttribute('data-index') ?? -1)
}
