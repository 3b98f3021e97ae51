/**
 * The models as a table of which only the rows in sight exist. The focus stays on the table, and the
 * active row is told by `aria-activedescendant`, so that scrolling a row away never loses the focus.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { SortHeader } from '../../components/sort-header.tsx'
import { useCapabilities } from '../../lib/capabilities-store.ts'
import { formatList } from '../../lib/i18n/format.ts'
import { openModel, sortBy, useLibrary } from './library-store.ts'
import { actionsClassName, columns } from './model-columns.tsx'
import { ModelTableRow, rowId } from './model-table-row.tsx'
import { askToTrash } from './trash-dialog.tsx'

interface ModelTableProps {
  models: Model[]
  duplicates: ReadonlyMap<string, Model[]>
}

/** 36 px at the normal size of text. */
const rowRem = 2.25

export function ModelTable({ models, duplicates }: ModelTableProps) {
  const { t } = useTranslation()
  const sort = useLibrary((state) => state.sort)
  const activeModelId = useLibrary((state) => state.activeModelId)
  const [menuModelId, setMenuModelId] = useState<string | null>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLTableElement>(null)
  const [rowPx] = useState(() => rowRem * parseFloat(getComputedStyle(document.documentElement).fontSize))

  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const virtualizer = useVirtualizer({
    count: models.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => models[index]?.id ?? index,
    overscan: 8,
    // The head takes the place of one row, and lies above the first ones while it sticks.
    scrollMargin: rowPx,
    scrollPaddingStart: rowPx,
    initialOffset: () => useLibrary.getState().offsetPx,
  })
  useLayoutEffect(() => {
    const element = scroller.current
    // Back from a model's page, whose button is gone with the focus.
    if (document.activeElement === document.body && useLibrary.getState().activeModelId !== null) {
      table.current?.focus({ preventScroll: true })
    }
    return () => useLibrary.setState({ offsetPx: element?.scrollTop ?? 0 })
  }, [])

  const onMenuOpenChange = useCallback((modelId: string, open: boolean) => {
    setMenuModelId(open ? modelId : null)
    useLibrary.setState({ activeModelId: modelId })
    if (!open) table.current?.focus({ preventScroll: true })
  }, [])

  const rows = virtualizer.getVirtualItems()
  const activeIndex = activeModelId === null ? -1 : models.findIndex(({ id }) => id === activeModelId)

  function moveTo(index: number) {
    const next = Math.max(0, Math.min(models.length - 1, index))
    useLibrary.setState({ activeModelId: models[next]?.id ?? null })
    virtualizer.scrollToIndex(next)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const pageRows = Math.max(1, Math.floor((virtualizer.scrollRect?.height ?? 0) / rowPx) - 2)
    const moves: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      PageDown: activeIndex + pageRows,
      PageUp: activeIndex - pageRows,
      Home: 0,
      End: models.length - 1,
    }
    const next = moves[event.key]
    const active = models[activeIndex]
    if (next !== undefined) moveTo(next)
    else if (!active) return
    else if (event.key === 'Enter') openModel(active.id)
    else if (event.key === 'Delete' && useCapabilities.getState().trash) askToTrash(active.id)
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      virtualizer.scrollToIndex(activeIndex)
      onMenuOpenChange(active.id, true)
    } else return
    event.preventDefault()
  }

  const totalPx = virtualizer.getTotalSize()
  // Before the height of the window is known there are no rows, but room to scroll to where it was.
  const abovePx = rows[0] ? rows[0].start - rowPx : totalPx
  const belowPx = totalPx - ((rows.at(-1)?.end ?? totalPx + rowPx) - rowPx)
  return (
    <div ref={scroller} className="@container relative min-h-48 flex-1 overflow-x-hidden overflow-y-auto">
      <table
        ref={table}
        role="grid"
        tabIndex={0}
        aria-label={t('library.table')}
        aria-rowcount={models.length + 1}
        aria-activedescendant={rows.some(({ index }) => index === activeIndex) ? rowId(activeModelId ?? '') : undefined}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          // By the keyboard: a press of the pointer chooses its own row.
          const { target, currentTarget } = event
          if (target !== currentTarget || activeIndex >= 0 || !currentTarget.matches(':focus-visible')) return
          moveTo(virtualizer.range?.startIndex ?? 0)
        }}
        className="group/grid w-full table-fixed border-separate border-spacing-0 outline-none"
      >
        <thead className="sticky top-0 z-10 bg-page text-small text-secondary">
          <tr aria-rowindex={1} className="h-9">
            {columns.map(({ column, isNumber, className }) => (
              <SortHeader
                key={column}
                column={column}
                sort={sort}
                onSort={sortBy}
                isNumber={isNumber}
                className={`border-b border-line whitespace-nowrap ${className}`}
              >
                {t(`library.column.${column}`)}
              </SortHeader>
            ))}
            <th scope="col" className={`border-b border-line ${actionsClassName}`}>
              <span className="sr-only">{t('library.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Spacer heightPx={abovePx} />
          {rows.map(({ index, key }) => {
            const model = models[index]
            if (!model) return null
            const same = model.sha256 === null ? undefined : duplicates.get(model.sha256)
            return (
              <ModelTableRow
                key={key}
                model={model}
                rowIndex={index + 2}
                sameAs={same ? namesBut(model, same) : null}
                isActive={index === activeIndex}
                menuOpen={menuModelId === model.id}
                onMenuOpenChange={onMenuOpenChange}
              />
            )
          })}
          <Spacer heightPx={belowPx} />
        </tbody>
      </table>
    </div>
  )
}

function namesBut(model: Model, same: Model[]): string {
  return formatList(same.filter(({ id }) => id !== model.id).map(({ fileName }) => fileName))
}

/** Stands for the rows out of sight. */
function Spacer({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null
  return (
    <tr aria-hidden>
      <td style={{ height: heightPx }} className="p-0" />
    </tr>
  )
}
