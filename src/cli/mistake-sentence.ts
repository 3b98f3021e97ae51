/** Wrong use, in the person's language: commander has its sentences in English only, and no data to its codes. */
import { fill } from '../shared/texts/fill.ts'
import type { CommandTexts } from './texts/texts.ts'

type Mistakes = CommandTexts['help']['mistakes']

const patterns: { pattern: RegExp; key: keyof Mistakes; names: string[] }[] = [
  { pattern: /^unknown option '(.+?)'/, key: 'unknownOption', names: ['name'] },
  { pattern: /^unknown command '(.+?)'/, key: 'unknownCommand', names: ['name'] },
  { pattern: /^missing required argument '(.+?)'/, key: 'missingArgument', names: ['name'] },
  { pattern: /^option '(.+?)' argument missing/, key: 'missingValue', names: ['name'] },
  { pattern: /^option '(.+?)' argument '(.*?)' is invalid\. ?([^]*)$/, key: 'invalid', names: ['name', 'value', 'detail'] },
  {
    pattern: /^option '(.+?)' value '(.*?)' from env '.*?' is invalid\. ?([^]*)$/,
    key: 'invalid',
    names: ['name', 'value', 'detail'],
  },
  { pattern: /^too many arguments.* Expected (\d+) arguments? but got (\d+)/, key: 'tooMany', names: ['expected', 'given'] },
]

/** `message` as commander writes it: `error: unknown option '--modle'\n(Did you mean --model?)`. */
export function mistakeSentence(mistakes: Mistakes, message: string): string {
  const [, detail = '', suggestion] = /^(?:error: )?([^]*?)\s*(?:\(Did you mean (?:one of )?(.+?)\?\))?\s*$/.exec(message)!
  const matched = patterns.flatMap(({ pattern, key, names }) => {
    const match = pattern.exec(detail)
    return match ? [fill(mistakes[key], Object.fromEntries(names.map((name, i) => [name, match[i + 1]!])))] : []
  })
  return [
    (matched[0] ?? fill(mistakes.other, { detail })).trim(),
    ...(suggestion ? [fill(mistakes.didYouMean, { name: suggestion })] : []),
    mistakes.seeHelp,
  ].join('\n')
}
