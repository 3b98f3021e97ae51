/** Files with one JSON value a line: written in the order of the calls, read one value at a time. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'

const bufferedCharacters = 1_000_000

/** Writes synchronously, a megabyte at a time: for threads of their own, and between pauses. */
export class LineWriter {
  readonly #file: number
  #lines: string[] = []
  #characters = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600)
  }

  write(value: unknown): void {
    const line = JSON.stringify(value)
    this.#lines.push(line)
    this.#characters += line.length
    if (this.#characters > bufferedCharacters) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    if (this.#lines.length === 0) return
    const bytes = Buffer.from(`${this.#lines.join('\n')}\n`)
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
    this.#lines = []
    this.#characters = 0
  }
}

/** The values with how far through the file each ends, 0 to 1. */
export async function* readLines(path: string): AsyncGenerator<{ value: unknown; fraction: number }> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    let readBytes = 0
    for await (const line of file.readLines()) {
      readBytes += Buffer.byteLength(line) + 1
      yield { value: JSON.parse(line), fraction: Math.min(1, readBytes / size) }
    }
  } finally {
    await file.close()
  }
}
