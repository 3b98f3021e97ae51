import { memo, useMemo } from 'react'
import type { Components } from 'react-markdown'
import { MarkdownBlock } from './markdown-block.tsx'
import type { Notes } from './number-notes.ts'

interface TableBlockProps {
  source: string
  growing: boolean
  notes: Notes | undefined
}

/** Of these, only the last is parsed again while a table grows. */
const rowsInPart = 20

/** A table, in parts of some rows. */
export const TableBlock = memo(function TableBlock({ source, growing, notes }: TableBlockProps) {
  const parts = useMemo(() => partsOf(source), [source])
  return (
    <div className="table-box" tabIndex={0}>
      <table>
        {parts.map((part, index) => (
          <MarkdownBlock
            key={index}
            source={part}
            growing={growing && index === parts.length - 1}
            notes={notes}
            overrides={index === 0 ? firstPart : furtherPart}
          />
        ))}
      </table>
    </div>
  )
})

/** Each with the head, without which it would be no table. */
function partsOf(source: string): string[] {
  const [names = '', rule = '', ...rows] = source.trimEnd().split('\n')
  const parts: string[] = []
  for (let at = 0; at < Math.max(1, rows.length); at += rowsInPart) {
    parts.push([names, rule, ...rows.slice(at, at + rowsInPart)].join('\n'))
  }
  return parts
}

const firstPart: Components = { table: ({ children }) => <>{children}</> }
const furtherPart: Components = { ...firstPart, thead: () => null }
