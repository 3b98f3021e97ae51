/** What every benchmark shares: medians, child processes that print JSON, and the table at the end. */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Runs a script of this folder in a process of its own and returns the JSON it prints. */
export async function measureInProcess<Result>(script: string, args: (string | number)[]): Promise<Result> {
  const { stdout } = await run(process.execPath, [resolve(import.meta.dirname, script), ...args.map(String)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

export type Row = Record<string, string | number>

/** Prints the rows as a table and writes them, with the machine, to `dist/bench/<name>.json`. */
export function report(name: string, rows: Row[]): void {
  console.log(`\n${name}`)
  console.table(rows)
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem(), node: process.version }
  const folder = resolve(import.meta.dirname, '../../dist/bench')
  mkdirSync(folder, { recursive: true })
  writeFileSync(resolve(folder, `${name}.json`), JSON.stringify({ machine, rows }, null, 2))
}

export const rounded = (value: number, digits = 1) => Number(value.toFixed(digits))
export const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`
