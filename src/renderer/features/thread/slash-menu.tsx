import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { SlashCommand } from './slash-commands.ts'

interface SlashMenuProps {
  id: string
  commands: readonly SlashCommand[]
  chosen: number
  onChoose: (index: number) => void
  onPick: (command: SlashCommand) => void
}

/** The list above the composer. The focus stays in the text; see `aria-activedescendant` there. */
export function SlashMenu({ id, commands, chosen, onChoose, onPick }: SlashMenuProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={t('composer.commandList')}
      className="absolute inset-x-0 bottom-full z-20 mb-1 max-h-64 animate-appear overflow-y-auto rounded-control border
        border-line bg-float p-1 shadow-float"
    >
      {commands.map((command, index) => (
        <div
          key={command.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onPointerMove={() => onChoose(index)}
          // Before the text loses the focus.
          onPointerDown={(event) => {
            event.preventDefault()
            onPick(command)
          }}
          className="flex h-7 items-center gap-3 rounded-small px-2 aria-selected:bg-chosen"
        >
          <span className="min-w-0 flex-1 truncate">{command.label}</span>
          <span className="shrink-0 text-small text-secondary">{command.hint}</span>
        </div>
      ))}
    </div>
  )
}
