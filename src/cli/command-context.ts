import type { Language } from '../shared/texts/format.ts'
import type { Interrupts } from './interrupts.ts'
import { type CommandTexts, textsOf } from './texts/texts.ts'

/** What every command works with. */
export class CommandContext {
  /** Of this process: see `createHeadlessCore`. */
  readonly entryPath: string
  readonly dataDirectory: string
  /** For programs: the result as JSON on stdout, nothing else there. */
  readonly isJson: boolean
  readonly interrupts: Interrupts
  #language: Language

  constructor(options: Pick<CommandContext, 'entryPath' | 'dataDirectory' | 'isJson' | 'language' | 'interrupts'>) {
    this.entryPath = options.entryPath
    this.dataDirectory = options.dataDirectory
    this.isJson = options.isJson
    this.interrupts = options.interrupts
    this.#language = options.language
  }

  get language(): Language {
    return this.#language
  }

  /** As the settings say, once they are known. */
  setLanguage(language: Language): void {
    this.#language = language
  }

  get texts(): CommandTexts {
    return textsOf(this.#language)
  }

  /** Aborts when the command is to end. */
  get signal(): AbortSignal {
    return this.interrupts.signal
  }

  /** A line of the result. */
  readonly print = (text: string): void => {
    process.stdout.write(`${text}\n`)
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2))
  }

  /** A line beside the result, on stderr. */
  readonly note = (text: string): void => {
    process.stderr.write(`${text}\n`)
  }
}
