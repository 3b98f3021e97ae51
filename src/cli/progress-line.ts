/** How something goes on, on stderr: one line that changes on a terminal, a few lines elsewhere. */
import { cut } from './table.ts'

export class ProgressLine {
  readonly #isTerminal = process.stderr.isTTY === true
  #isShown = false
  #stage: string | number | null = null

  /** `stage`: elsewhere than on a terminal, a line is written when this has changed. */
  update(text: string, stage: string | number): void {
    if (this.#isTerminal) {
      process.stderr.write(`\r${cut(text, (process.stderr.columns || 80) - 1)}\u001b[K`)
      this.#isShown = true
    } else if (stage !== this.#stage) {
      process.stderr.write(`${text}\n`)
    }
    this.#stage = stage
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K')
    this.#isShown = false
  }
}

const barWidth = 24

/** `▕██████      ▏ 42%`; only the figure where nobody looks at it. */
export function bar(fraction: number): string {
  const percent = `${Math.floor(Math.min(1, fraction) * 100)}%`
  if (process.stderr.isTTY !== true) return percent
  const full = Math.round(Math.min(1, fraction) * barWidth)
  return `▕${'█'.repeat(full)}${' '.repeat(barWidth - full)}▏ ${percent.padStart(4)}`
}
