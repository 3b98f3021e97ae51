/**
 * Reads and writes Modelfiles: lines of an instruction and its value, which may go on over lines in quotes (`"` or
 * `"""`, which Ollama does not let be escaped). Instructions are written in upper or lower case.
 * Source: https://docs.ollama.com/modelfile and the parser of Ollama 0.x, whose reading of odd cases is kept.
 */
import { AppFailure } from '../../../shared/lib/app-failure.ts'

const instructions = [
  'from',
  'template',
  'system',
  'adapter',
  'parameter',
  'message',
  'license',
  'requires',
  'renderer',
  'parser',
  'draft',
] as const
export type Instruction = (typeof instructions)[number]

export interface ModelfileCommand {
  instruction: Instruction
  /** Of a parameter its name, of a message its role; else empty. */
  key: string
  text: string
}

const keyed: Instruction[] = ['parameter', 'message']

/** Throws REQUEST_INVALID of `modelfile`, naming the line. */
export function parseModelfile(source: string): ModelfileCommand[] {
  const lines = source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n').split('\n')
  const commands: ModelfileCommand[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    if (/^[ \t]*(#|$)/.test(line)) continue
    const start = index
    const [, word, rest] = /^[ \t]*([a-z]+)[ \t](.*)$/is.exec(line) ?? []
    const instruction = instructions.find((one) => one === word?.toLowerCase())
    if (!instruction) throw modelfileInvalid(start, `needs one of ${instructions.join(', ').toUpperCase()}`)
    const keyAndText = keyed.includes(instruction) ? /^[ \t]*(\w+)[ \t](.*)$/s.exec(rest!) : ['', '', rest!]
    if (!keyAndText) throw modelfileInvalid(start, `${instruction.toUpperCase()} needs a name and a value`)
    const [, key, first] = keyAndText as unknown as [string, string, string]
    let raw = first
    let text = unquoted(raw)
    while (text === null) {
      if (++index >= lines.length) throw modelfileInvalid(start, 'a quote is not closed')
      raw += `\n${lines[index]}`
      text = unquoted(raw)
    }
    commands.push({ instruction, key, text })
  }
  return commands
}

/** A Modelfile that says the same. Texts with `"""` in them cannot be written. */
export function printModelfile(commands: readonly ModelfileCommand[]): string {
  const lines = commands.map(({ instruction, key, text }) => {
    return [instruction.toUpperCase(), ...(key ? [key] : []), quoted(text)].join(' ')
  })
  return lines.join('\n') + '\n'
}

/** Of the last one, as a later one replaces an earlier; null if there is none. */
export function textOfCommand(commands: readonly ModelfileCommand[], instruction: Instruction): string | null {
  return commands.findLast((command) => command.instruction === instruction)?.text ?? null
}

function modelfileInvalid(index: number, detail: string): AppFailure<'REQUEST_INVALID'> {
  return new AppFailure('REQUEST_INVALID', { field: 'modelfile', detail: `line ${index + 1}: ${detail}` })
}

/** null where a quote is still open. */
function unquoted(raw: string): string | null {
  const text = raw.trim()
  for (const quote of ['"""', '"']) {
    if (!text.startsWith(quote)) continue
    const isClosed = text.length >= 2 * quote.length && text.endsWith(quote)
    return isClosed ? text.slice(quote.length, -quote.length) : null
  }
  return text
}

function quoted(text: string): string {
  if (text !== '' && text === text.trim() && !text.includes('\n') && !text.startsWith('"')) return text
  return text.includes('"') ? `"""${text}"""` : `"${text}"`
}
