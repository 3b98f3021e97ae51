/** What begins with `/` in `yangtuo run`. */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { samplingNumberNames, samplingRanges } from '../../shared/lib/sampling.ts'
import { fill } from '../../shared/texts/fill.ts'
import type { CommandContext } from '../command-context.ts'
import { table } from '../table.ts'
import { type Conversation, samplingName, samplingValue } from './conversation.ts'

/** What the chat does next. */
export type AfterCommand = 'go-on' | 'answer' | 'leave' | 'switch-stats'

/** `line` is a whole message; a text after the name may have several lines. */
export async function chatCommand(context: CommandContext, conversation: Conversation, line: string): Promise<AfterCommand> {
  const { texts: { run: texts } } = context
  const [, command = '', rest = ''] = /^(\S+)\s*([^]*)$/.exec(line)!
  const argument = rest.trim()
  switch (command) {
    case '/help':
    case '/?':
      context.print(texts.commands)
      return 'go-on'
    case '/bye':
    case '/exit':
    case '/quit':
      return 'leave'
    case '/clear':
      conversation.messages = []
      context.print(texts.cleared)
      return 'go-on'
    case '/system':
      if (argument === '') context.print(conversation.system ?? texts.noSystem)
      else {
        conversation.system = argument
        context.print(texts.systemSet)
      }
      return 'go-on'
    case '/set':
      setValue(context, conversation, argument)
      return 'go-on'
    case '/show':
      context.print(table([['model', conversation.model], ['system', conversation.system ?? texts.defaults], ...valuesOf(context, conversation)]))
      return 'go-on'
    case '/stats':
      return 'switch-stats'
    case '/regenerate':
      if (conversation.forgetAnswer()) return 'answer'
      context.print(texts.nothingToRegenerate)
      return 'go-on'
    case '/save':
    case '/load':
      if (argument === '') context.print(fill(texts.needsFile, { command }))
      else await (command === '/save' ? save : load)(context, conversation, resolve(argument))
      return 'go-on'
    default:
      context.print(fill(texts.unknownCommand, { command }))
      return 'go-on'
  }
}

function setValue(context: CommandContext, conversation: Conversation, argument: string): void {
  const { texts: { run: texts } } = context
  const [typed, text] = argument.split(/[\s=]+/)
  if (!typed) return context.print(table(valuesOf(context, conversation)))
  const name = samplingName(typed)
  if (!name) return context.print(fill(texts.unknownValue, { name: typed, names: samplingNumberNames.join(' ') }))
  const value = samplingValue(name, text ?? '')
  if (text === 'default') delete conversation.sampling[name]
  else if (value !== null) conversation.sampling = { ...conversation.sampling, [name]: value }
  else {
    const { min, max } = samplingRanges[name]
    return context.print(fill(texts.invalidValue, { name, min: String(min), max: String(max) }))
  }
  context.print(fill(texts.setValue, { name, value: String(conversation.sampling[name] ?? texts.defaults) }))
}

function valuesOf({ texts: { run: texts } }: CommandContext, { sampling }: Conversation): string[][] {
  return samplingNumberNames.map((name) => [name, String(sampling[name] ?? texts.defaults)])
}

async function save({ print, texts: { run: texts } }: CommandContext, conversation: Conversation, path: string): Promise<void> {
  const content = path.toLowerCase().endsWith('.json') ? conversation.toJson() : conversation.toMarkdown(texts)
  try {
    await writeFile(path, content)
    print(fill(texts.saved, { path }))
  } catch (error) {
    print(fill(texts.saveFailed, { path, detail: (error as Error).message }))
  }
}

async function load({ print, texts: { run: texts } }: CommandContext, conversation: Conversation, path: string): Promise<void> {
  try {
    conversation.restore(await readFile(path, 'utf8'))
    print(fill(texts.loaded, { path, count: String(conversation.messages.length) }))
  } catch (error) {
    print(fill(texts.loadFailed, { path, detail: (error as Error).message }))
  }
}
