export interface Command {
  id: string
  label: string
  /** Small, behind the label. */
  hint?: string
  /** Such as `Ctrl+B`. */
  shortcut?: string
  /** Other words to find it by. */
  keywords?: string
  run: () => void
}

export interface CommandGroup {
  title: string
  commands: readonly Command[]
}

/** Of each group; more could not be looked through, and 10,000 chats would take their time to be drawn. */
const mostShown = 30

/**
 * The commands that have all words of the query somewhere in their label, hint or keywords, those whose label
 * begins with the query first; groups without any are left out. Capitals and the width of letters do not matter.
 */
export function matchCommands(groups: readonly CommandGroup[], query: string): CommandGroup[] {
  const wanted = plain(query).trim()
  const words = wanted.split(/\s+/).filter((word) => word !== '')
  return groups
    .map(({ title, commands }) => {
      const found: Command[] = []
      const foundAtHead: Command[] = []
      for (const command of commands) {
        if (foundAtHead.length >= mostShown) break
        const label = plain(command.label)
        if (wanted !== '' && label.startsWith(wanted)) foundAtHead.push(command)
        else if (found.length < mostShown) {
          const text = `${label} ${plain(`${command.hint ?? ''} ${command.keywords ?? ''}`)}`
          if (words.every((word) => text.includes(word))) found.push(command)
        }
      }
      return { title, commands: [...foundAtHead, ...found].slice(0, mostShown) }
    })
    .filter(({ commands }) => commands.length > 0)
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
