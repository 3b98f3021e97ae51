/** Puts the lines that are typed together to one message: `"""` begins and ends several, `\` at a line's end goes on. */
export class MessageInput {
  #lines: string[] = []
  #isQuoted = false

  /** A message has begun and is not complete. */
  get isOpen(): boolean {
    return this.#isQuoted || this.#lines.length > 0
  }

  /** The message, if this line completes it; else null. */
  add(line: string): string | null {
    if (this.#isQuoted) return this.#addQuoted(line)
    if (!this.isOpen && line.trimStart().startsWith('"""')) {
      this.#isQuoted = true
      return this.#addQuoted(line.trimStart().slice(3))
    }
    if (line.endsWith('\\')) {
      this.#lines.push(line.slice(0, -1))
      return null
    }
    this.#lines.push(line)
    return this.#take()
  }

  /** Forgets what was begun. */
  clear(): void {
    this.#lines = []
    this.#isQuoted = false
  }

  #addQuoted(line: string): string | null {
    const end = line.trimEnd()
    if (!end.endsWith('"""')) {
      // The first line is often the mark alone.
      if (line !== '' || this.#lines.length > 0) this.#lines.push(line)
      return null
    }
    const last = end.slice(0, -3)
    if (last !== '') this.#lines.push(last)
    return this.#take()
  }

  #take(): string {
    const message = this.#lines.join('\n')
    this.clear()
    return message
  }
}
