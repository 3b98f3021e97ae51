/** What a `/` at the start of a message offers. */
import type { TFunction } from 'i18next'
import type { Preset } from '../../../shared/contract/presets.ts'

export type SlashAction = 'new-chat' | 'find' | 'system-prompt' | 'compare' | 'prompt' | 'attach'

export type SlashCommand =
  | { type: 'action'; id: SlashAction; label: string; hint: string }
  | { type: 'preset'; id: string; label: string; hint: string }

/** English words, so that they can be typed without an input method. */
const words = {
  'new-chat': 'new',
  find: 'find',
  compare: 'compare',
  prompt: 'prompt',
  attach: 'attach',
  'system-prompt': 'system',
} as const satisfies Record<SlashAction, string>

const ofTheThread: SlashAction[] = ['compare', 'prompt', 'attach']
const ofTheWindow: SlashAction[] = ['new-chat', 'find', 'system-prompt']

/** `hasWindow`: the window takes commands. */
export function slashCommands(t: TFunction, presets: readonly Preset[], hasWindow: boolean): SlashCommand[] {
  const actions = hasWindow ? [...ofTheWindow, ...ofTheThread] : ofTheThread
  return [
    ...actions.map((id) => ({
      type: 'action' as const,
      id,
      label: t(`composer.commands.${id}`),
      hint: `/${words[id]}`,
    })),
    ...presets.map(({ id, name }) => ({ type: 'preset' as const, id, label: name, hint: t('composer.preset') })),
  ]
}

/** What the text asks for: null where it is no command, else those with the word after the `/` anywhere in them. */
export function matchingCommands(text: string, commands: readonly SlashCommand[]): SlashCommand[] | null {
  if (!text.startsWith('/') || text.includes('\n')) return null
  const word = text.slice(1).trim().toLowerCase()
  return commands.filter(
    ({ type, label, hint }) => label.toLowerCase().includes(word) || (type === 'action' && hint.includes(word)),
  )
}
