import { useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { matchingCommands, slashCommands } from './slash-commands.ts'
import type { SlashAction, SlashCommand } from './slash-commands.ts'
import type { ThreadViewProps } from './thread-props.ts'

/** The list that a `/` at the start of the text opens, and what its keys do. */
export function useSlashCommands(
  text: string,
  { presets = [], onApplyPreset, onCommand }: ThreadViewProps,
  /** null: a preset was applied. */
  onPicked: (action: SlashAction | null) => void,
) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState({ index: 0, text })
  /** The text it was closed for; more typing does not open it again. */
  const [closedFor, setClosedFor] = useState<string | null>(null)
  const offered = slashCommands(t, onApplyPreset ? presets : [], onCommand !== undefined)
  const commands = matchingCommands(text, offered) ?? []
  const isOpen = commands.length > 0 && (closedFor === null || !text.startsWith(closedFor))
  if (closedFor !== null && !text.startsWith('/')) setClosedFor(null)
  // What was typed since begins at the first again.
  const index = chosen.text === text ? Math.min(chosen.index, commands.length - 1) : 0

  function pick(command: SlashCommand | undefined = commands[index]) {
    if (!command) return
    if (command.type === 'preset') onApplyPreset?.(command.id)
    onPicked(command.type === 'action' ? command.id : null)
  }
  return {
    isOpen,
    commands,
    chosen: index,
    choose: (index: number) => setChosen({ index, text }),
    pick,
    close: () => setClosedFor(text),
    onKeyDown(event: KeyboardEvent) {
      if (event.nativeEvent.isComposing || event.keyCode === 229) return
      const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (by === 0) return
      event.preventDefault()
      setChosen({ index: (index + by + commands.length) % commands.length, text })
    },
  }
}
