/** `yangtuo` as a real process, on a data folder of its own with a name that is hard to handle. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const entry = join(import.meta.dirname, 'index.ts')

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

export class CliFolder {
  readonly path = mkdtempSync(join(tmpdir(), '羊驼 数据\u3000'))
  readonly #environment: Record<string, string>
  readonly #children: ChildProcess[] = []

  constructor(environment: Record<string, string> = {}) {
    this.#environment = environment
  }

  /** `input` is handed in on stdin. */
  start(args: string[], input = '') {
    const child = spawn(process.execPath, [entry, '--data-dir', this.path, ...args], {
      env: { ...process.env, LC_ALL: 'en_US.UTF-8', ...this.#environment },
    })
    this.#children.push(child)
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text))
    }
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number, ...output }))
    return { child, output, ended }
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(args).ended
  }

  /** What a command with `--json` said. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json')
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`)
    return JSON.parse(stdout) as T
  }

  /** Ends what a failed test has left running. */
  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL')
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Resolves when `text` has been said. */
export async function said(process: ReturnType<CliFolder['start']>, text: string | RegExp): Promise<string> {
  const hasEnded = process.ended.then(({ code }) => {
    throw new Error(`ended with ${code} before it said ${String(text)}: ${process.output.stdout}${process.output.stderr}`)
  })
  for (;;) {
    const all = process.output.stdout + process.output.stderr
    if (typeof text === 'string' ? all.includes(text) : text.test(all)) {
      hasEnded.catch(() => {})
      return all
    }
    await Promise.race([hasEnded, new Promise((resolve) => setTimeout(resolve, 20))])
  }
}
