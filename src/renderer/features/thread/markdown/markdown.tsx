/**
 * A model's answer as a page. Each top-level block is rendered by itself and again only if it changed, so a growing
 * answer costs what its last block costs.
 */
import { useId, useMemo } from 'react'
import { CodeBlock } from './code-block.tsx'
import { Diagram, diagramKind } from './diagram.tsx'
import { Footnotes } from './footnotes.tsx'
import { MarkdownBlock } from './markdown-block.tsx'
import { NotePrefix } from './note-reference.tsx'
import { numberNotes } from './number-notes.ts'
import type { Notes } from './number-notes.ts'
import { Reasoning } from './reasoning.tsx'
import type { Block } from './split-blocks.ts'
import { TableBlock } from './table-block.tsx'
import './markdown.css'

interface MarkdownProps {
  messageId: string
  blocks: readonly Block[]
  /** The last block is still being written. */
  growing: boolean
}

export function Markdown({ messageId, blocks, growing }: MarkdownProps) {
  const prefix = useId()
  const definitions = blocks.filter(({ type }) => type === 'def').map(({ source }) => source).join('')
  const notes = useSame(numberNotes(blocks, growing))
  return (
    <NotePrefix value={prefix}>
      <div className="markdown" dir="auto" data-selectable data-growing={growing || undefined}>
        {blocks.map((block, index) => {
          const { source, code, type, reasoning } = block
          const isGrowing = growing && index === blocks.length - 1
          if (type === 'def' || type === 'note' || type === 'space') return null
          // It may be the beginning of what the model thinks.
          if (isGrowing && index === 0 && '<think>'.startsWith(source.trim())) return null
          if (reasoning) {
            const isThinking = isGrowing && !reasoning.isEnded
            return (
              <Reasoning
                key="reasoning"
                messageId={messageId}
                text={reasoning.text}
                growing={isThinking}
                render={(thoughts) => <Markdown messageId={messageId} blocks={thoughts} growing={isThinking} />}
              />
            )
          }
          if (code) {
            const kind = diagramKind(code.language)
            if (kind && (!isGrowing || isClosed(source))) return <Diagram key={index} kind={kind} source={code.text} />
            // A fence whose line is not complete has no name yet, and one that closes now no text of it.
            const language = isGrowing && !source.includes('\n') ? '' : code.language
            const text = isGrowing ? code.text.replace(/(?:^|\n)[ \t]*(?:`+|~+)$/, '') : code.text
            return <CodeBlock key={index} code={text} language={language} growing={isGrowing} />
          }
          const named = source.includes('[^') ? notes : undefined
          if (type === 'table') return <TableBlock key={index} source={source} growing={isGrowing} notes={named} />
          const withDefinitions = definitions && source.includes('[') ? `${source}\n\n${definitions}` : source
          const shown = isGrowing ? source : withDefinitions
          return <MarkdownBlock key={index} source={shown} growing={isGrowing} notes={named} />
        })}
        <Footnotes blocks={blocks} notes={notes} growing={growing} />
      </div>
    </NotePrefix>
  )
}

/** Whether the fence of a block of code has its end. */
function isClosed(source: string): boolean {
  return /\n[ \t]*(?:`{3,}|~{3,})\s*$/.test(source)
}

/** The same notes as long as they say the same, so that no block is rendered again for them. */
function useSame(notes: Notes): Notes {
  const key = [...notes.keys()].join(' ')
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the numbers follow from the order of the names
  return useMemo(() => notes, [key])
}
