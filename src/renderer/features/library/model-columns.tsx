/** The columns of the table, and from which width of it on each is shown: the less it tells, the sooner it goes. */
import type { Column } from './list-models.ts'

export interface ColumnLook {
  column: Column
  isNumber?: boolean
  /** Width, and the width of the table below which the column is left out. */
  className: string
}

export const columns: ColumnLook[] = [
  { column: 'name', className: 'ps-4' },
  { column: 'size', isNumber: true, className: 'w-22 @max-[28rem]:hidden' },
  { column: 'quantization', className: 'w-24 @max-[34rem]:hidden' },
  { column: 'architecture', className: 'w-24 @max-[72rem]:hidden' },
  { column: 'context', isNumber: true, className: 'w-32 @max-[58rem]:hidden' },
  { column: 'kind', className: 'w-36 @max-[48rem]:hidden' },
  { column: 'source', className: 'w-34 @max-[86rem]:hidden' },
  { column: 'lastUsed', className: 'w-28 @max-[66rem]:hidden' },
  { column: 'doctor', className: 'w-24 @max-[40rem]:hidden' },
  { column: 'state', className: 'w-26' },
]

export const actionsClassName = 'w-18 pe-2'

const lookOf = new Map(columns.map((look) => [look.column, look]))

export function columnClassName(column: Column): string {
  const look = lookOf.get(column)
  return `truncate px-2 ${look?.isNumber ? 'text-end' : ''} ${look?.className ?? ''}`
}
