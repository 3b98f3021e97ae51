/**
 * Estimates of what fits this machine, asked for when they come into sight. Those of the catalog need
 * no network and go out together; those of a hub read the heads of remote files, one at a time.
 */
import { create } from 'zustand'
import type { Fit, FitTarget, Machine } from '../../../shared/contract/fit.ts'
import { client } from '../../lib/client.ts'

/** As many as one call takes. */
const batchSize = 200

interface Fits {
  /** By `fitKey`. Where no answer came it is null: an estimate that failed is no reason to stop anybody. */
  fits: Readonly<Record<string, Fit | null>>
  machine: Machine | null
}

export const useFits = create<Fits>(() => ({ fits: {}, machine: null }))

export function fitKey(target: FitTarget): string {
  if (target.type === 'model') return target.modelId
  if (target.type === 'catalog') return `${target.entryId}/${target.fileName}`
  const { sourceId, repository, revision, path } = target.file
  return [sourceId, repository, revision, path].join('/')
}

async function estimate(targets: FitTarget[], signal?: AbortSignal): Promise<void> {
  const answers = await client.fit.estimate({ targets }, { signal }).catch(() => [])
  if (signal?.aborted) return
  useFits.setState(({ fits }) => ({
    fits: {
      ...fits,
      ...Object.fromEntries(targets.map((target, index) => [fitKey(target), answers[index] ?? null])),
    },
  }))
}

const waiting = new Map<string, FitTarget>()
let sending = false

/** Asks for all that was asked for until now, in as few calls as can be. */
async function send(): Promise<void> {
  sending = true
  await new Promise((resolve) => setTimeout(resolve))
  while (waiting.size > 0) {
    const batch = [...waiting].slice(0, batchSize)
    for (const [key] of batch) waiting.delete(key)
    await estimate(batch.map(([, target]) => target))
  }
  sending = false
}

export function askCatalogFits(targets: FitTarget[]): void {
  for (const target of targets) waiting.set(fitKey(target), target)
  if (!sending && waiting.size > 0) void send()
}

/** One after the other, until `signal` aborts. What is known is not asked for again. */
export async function askHubFits(targets: FitTarget[], signal: AbortSignal): Promise<void> {
  for (const target of targets) {
    if (signal.aborted) return
    if (!useFits.getState().fits[fitKey(target)]) await estimate([target], signal)
  }
}

export async function askMachine(): Promise<void> {
  const machine = await client.fit.machine().catch(() => null)
  if (machine) useFits.setState({ machine })
}

/** Whether it can be loaded here, in whatever way. */
export function doesFit(fit: Fit | null | undefined): boolean {
  return !!fit && fit.verdict !== 'too-large' && fit.verdict !== 'unknown'
}
