/** Saves training after an epoch, so that an interrupted run goes on where it was. */
import fs from 'node:fs'
import type { Parameter } from './llama-network.ts'

export interface Progress {
  /** What the run was started with; another recipe does not resume from this checkpoint. */
  recipe: string
  epoch: number
  step: number
  /** Training time so far. */
  seconds: number
}

/** Writes weights and both AdamW moments, with the progress as one line of JSON in front. */
export function saveCheckpoint(path: string, progress: Progress, parameters: readonly Parameter[]): void {
  const file = fs.openSync(`${path}.part`, 'w')
  fs.writeSync(file, `${JSON.stringify(progress)}\n`)
  for (const array of arraysOf(parameters)) {
    fs.writeSync(file, new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  }
  fs.closeSync(file)
  fs.renameSync(`${path}.part`, path)
}

/** Restores a checkpoint of the same recipe; undefined when there is none. */
export function loadCheckpoint(
  path: string,
  recipe: string,
  parameters: readonly Parameter[]
): Progress | undefined {
  if (!fs.existsSync(path)) return undefined
  const bytes = fs.readFileSync(path)
  let offset = bytes.indexOf('\n') + 1
  const progress = JSON.parse(bytes.toString('utf8', 0, offset)) as Progress
  if (progress.recipe !== recipe) return undefined
  for (const array of arraysOf(parameters)) {
    const stored = bytes.subarray(offset, (offset += array.byteLength))
    array.set(new Float32Array(Uint8Array.from(stored).buffer))
  }
  return progress
}

function arraysOf(parameters: readonly Parameter[]): Float32Array[] {
  return parameters.flatMap(({ weights, mean, variance }) => [weights, mean, variance])
}
