import { randomUUID } from 'node:crypto'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { Log } from './ports.ts'

/** Writes a defect to the log, in full, and returns what a person is told of it: the id of that line. */
export function internalFailure(
  log: Log,
  what: string,
  error: unknown,
  details: Record<string, unknown> = {},
): AppFailure<'INTERNAL'> {
  const logId = randomUUID()
  log.error(what, { ...details, logId, error: describe(error) })
  return new AppFailure('INTERNAL', { logId })
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause ? `${error.stack}\ncaused by ${describe(error.cause)}` : `${error.stack}`
}
