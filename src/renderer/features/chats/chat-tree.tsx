/**
 * The list as a tree of which only the rows in sight exist. The focus stays on the tree, and the active row is told by
 * `aria-activedescendant`, so that scrolling a row away never loses the focus.
 */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ChatRow } from './chat-row.tsx'
import { useChats } from './chats-store.ts'
import { dragTo, drop, dropPlaceAt, endDrag, useDrag } from './drag-store.ts'
import type { OnExport } from './export-target.ts'
import { FolderRow } from './folder-row.tsx'
import { headingText } from './heading-text.ts'
import { chatsBetween, isTreeRow, treeRowFrom } from './list-rows.ts'
import type { ListRow } from './list-rows.ts'
import { rowId, select, treeId, useList } from './list-store.ts'
import { useTreeKeys } from './use-tree-keys.ts'

interface ChatTreeProps {
  rows: readonly ListRow[]
  onExport?: OnExport
}

/** 32 px at the normal size of text. */
const rowRem = 2
const scrollEdgePx = 32
const scrollStepPx = 12

export function ChatTree({ rows, onExport }: ChatTreeProps) {
  const { t, i18n } = useTranslation()
  const currentChatId = useChats((state) => state.currentChatId)
  const running = useChats((state) => state.running)
  const activeKey = useList((state) => state.activeKey)
  const selectedIds = useList((state) => state.selectedIds)
  const dropsOut = useDrag(({ place }) => place !== null && 'into' in place && place.into === null)
  const scroller = useRef<HTMLDivElement>(null)
  const [rowPx] = useState(() => rowRem * parseFloat(getComputedStyle(document.documentElement).fontSize))

  const indexOf = (key: string | null) => (key === null ? -1 : rows.findIndex((row) => row.key === key))
  const activeIndex = [activeKey, currentChatId].map(indexOf).find((index) => index >= 0) ?? treeRowFrom(rows, 0, 1)

  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    paddingEnd: rowPx / 2,
    // The active row stays, wherever the list is scrolled to: it is named to screen readers, dragged, or renamed.
    rangeExtractor: (range) =>
      activeIndex < 0
        ? defaultRangeExtractor(range)
        : [...new Set([...defaultRangeExtractor(range), activeIndex])].sort((a, b) => a - b),
  })

  function moveTo(index: number) {
    const row = rows[index]
    if (!isTreeRow(row)) return
    useList.setState({ activeKey: row.key })
    // With the heading above the first row.
    virtualizer.scrollToIndex(index === 1 ? 0 : index)
  }
  const pageRows = () => Math.max(1, Math.floor((virtualizer.scrollRect?.height ?? 0) / rowPx) - 2)
  const onKeyDown = useTreeKeys(rows, activeIndex, moveTo, pageRows)

  const onSelectTo = useCallback(
    (key: string) => {
      const anchorKey = useList.getState().anchorKey ?? useChats.getState().currentChatId ?? key
      useList.setState({ anchorKey })
      select(chatsBetween(rows, anchorKey, key))
    },
    [rows],
  )

  // A new folder's field, or a chat opened from elsewhere, may lie out of sight.
  const renamingKey = useList((state) => state.renamingKey)
  const shownKey = renamingKey ?? currentChatId
  const shownIndex = indexOf(shownKey)
  const isListed = shownIndex >= 0
  useEffect(() => {
    if (isListed) virtualizer.scrollToIndex(shownIndex, { align: 'auto' })
    // Only when another row is to be shown: not when the list changes while the person reads elsewhere in it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shownKey, isListed])

  function onDragOver(event: DragEvent<HTMLElement>) {
    const { dragged } = useDrag.getState()
    if (!dragged) return
    const bounds = event.currentTarget.getBoundingClientRect()
    if (event.clientY < bounds.top + scrollEdgePx) event.currentTarget.scrollTop -= scrollStepPx
    else if (event.clientY > bounds.bottom - scrollEdgePx) event.currentTarget.scrollTop += scrollStepPx
    const element = (event.target as Element).closest<HTMLElement>('[data-index]')
    const row = element?.getBoundingClientRect()
    const fraction = row ? (event.clientY - row.top) / row.height : 0
    const place = dropPlaceAt(element ? rows[Number(element.dataset.index)] : undefined, fraction, dragged)
    dragTo(place)
    if (!place) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'move'
  }

  return (
    <div
      ref={scroller}
      role="tree"
      id={treeId}
      tabIndex={0}
      aria-label={t('chats.chats')}
      aria-multiselectable
      aria-activedescendant={activeIndex >= 0 ? rowId(rows[activeIndex]!.key) : undefined}
      onKeyDown={onKeyDown}
      onDragOver={onDragOver}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) dragTo(null)
      }}
      onDrop={(event) => {
        event.preventDefault()
        drop()
      }}
      onDragEnd={endDrag}
      data-drops-out={dropsOut || undefined}
      className="group/tree min-h-0 flex-1 overflow-y-auto px-2 outline-none data-drops-out:outline-2
        data-drops-out:-outline-offset-2 data-drops-out:outline-accent"
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index]
          if (!row) return null
          const isActive = index === activeIndex
          return (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ translate: `0 ${start}px` }}
            >
              {row.kind === 'heading' ? (
                <div aria-hidden className="truncate px-2 pt-3 pb-1 text-small text-secondary">
                  {headingText(row.heading, t, i18n.language)}
                </div>
              ) : row.kind === 'folder' ? (
                <FolderRow row={row} isActive={isActive} onExport={onExport} />
              ) : (
                <ChatRow
                  row={row}
                  isActive={isActive}
                  isCurrent={row.key === currentChatId}
                  isSelected={selectedIds.has(row.key)}
                  isRunning={running.has(row.key)}
                  onSelectTo={onSelectTo}
                  onExport={onExport}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
