/**
 * Lines typed at a terminal. Readline has the terminal only while a line is typed, so that Ctrl-C is an ordinary
 * signal while an answer is written. Text that is pasted stays one message, line breaks and all.
 */
import { createInterface, type Interface } from 'node:readline'

const pasteMode = (isOn: boolean) => `\u001b[?2004${isOn ? 'h' : 'l'}`

/** `ended`: Ctrl-D. `interrupted`: Ctrl-C; `line` is what stood there. */
export type TypedLine = { type: 'line'; line: string } | { type: 'ended' } | { type: 'interrupted'; line: string }

export class LineReader {
  #history: string[] = []

  read(prompt: string, signal: AbortSignal): Promise<TypedLine> {
    const { promise, resolve } = Promise.withResolvers<TypedLine>()
    const lines = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      prompt,
      history: [...this.#history],
      removeHistoryDuplicates: true,
    }) as Interface & { line: string }
    const pasted: string[] = []
    let isPasting = false
    const onKey = (_text: unknown, key: { name?: string } | undefined) => {
      if (key?.name === 'paste-start') isPasting = true
      if (key?.name === 'paste-end') isPasting = false
    }
    const end = (typed: TypedLine) => {
      resolve(typed)
      lines.off('close', onClose)
      process.stdin.off('keypress', onKey)
      signal.removeEventListener('abort', onClose)
      process.stdout.write(pasteMode(false))
      lines.close()
    }
    const onClose = () => end({ type: 'ended' })

    process.stdin.prependListener('keypress', onKey)
    signal.addEventListener('abort', onClose, { once: true })
    lines.on('history', (history) => (this.#history = history))
    lines.on('line', (line) => {
      if (isPasting) pasted.push(line)
      else end({ type: 'line', line: [...pasted, line].join('\n') })
    })
    lines.on('SIGINT', () => end({ type: 'interrupted', line: [...pasted, lines.line].join('\n') }))
    lines.on('close', onClose)
    process.stdout.write(pasteMode(true))
    lines.prompt()
    return promise
  }
}
