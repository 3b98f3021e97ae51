import { ArrowDown, ArrowUp } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'

export interface Sort<Column extends string> {
  column: Column
  descending: boolean
}

type Sortable = string | number | null

/**
 * The rows in the order that a person chose by the heads of the columns; `valueOf` gives what a row is
 * compared by. Rows without a value come last either way, equal ones keep their order.
 */
export function useSort<Column extends string>(first: Sort<Column>) {
  const [sort, setSort] = useState(first)
  return {
    sort,
    /** A second press on the same head turns the order around. */
    sortBy: (column: Column) =>
      setSort((sort) => ({ column, descending: sort.column === column && !sort.descending })),
    sorted: <Row,>(rows: readonly Row[], valueOf: (row: Row, column: Column) => Sortable): Row[] =>
      [...rows].sort((a, b) => {
        const [left, right] = [valueOf(a, sort.column), valueOf(b, sort.column)]
        if (left === null || right === null) return Number(left === null) - Number(right === null)
        const order =
          typeof left === 'number' && typeof right === 'number'
            ? left - right
            : String(left).localeCompare(String(right), undefined, { numeric: true })
        return sort.descending ? -order : order
      }),
  }
}

interface SortHeaderProps<Column extends string> {
  column: Column
  sort: Sort<Column>
  onSort: (column: Column) => void
  /** Of figures: the head stands above their right ends. */
  isNumber?: boolean
  className?: string
  children: ReactNode
}

/** The head of a column that sorts its table. */
export function SortHeader<Column extends string>(props: SortHeaderProps<Column>) {
  const { column, sort, isNumber } = props
  const isSorted = sort.column === column
  const Arrow = sort.descending ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={`px-2 font-normal whitespace-nowrap ${isNumber ? 'text-end' : 'text-start'} ${props.className ?? ''}`}
    >
      <button
        type="button"
        onClick={() => props.onSort(column)}
        className={`flex w-full items-center gap-0.5 rounded-small hover:text-text ${isNumber ? 'flex-row-reverse' : ''}`}
      >
        {props.children}
        <Arrow aria-hidden className={`size-3 ${isSorted ? '' : 'invisible'}`} strokeWidth={2} />
      </button>
    </th>
  )
}
