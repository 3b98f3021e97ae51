/** What went wrong, as data a person can be told about: see `failureSentence`. */
import { ORPCError } from '@orpc/client'
import type { Failure } from '../../shared/contract/errors.ts'
import type { ShownFailure } from '../../shared/texts/failure-sentence.ts'
import { ConnectionLost } from './connection.ts'

export type { ShownFailure }

/** Never fails: what nobody declared becomes INTERNAL, with the log id if the host gave one. */
export function failureOf(error: unknown): ShownFailure {
  if (error instanceof ConnectionLost) return { code: 'CONNECTION_LOST', data: {} }
  if (error instanceof ORPCError && error.defined) {
    return { code: error.code, data: error.data as Failure['data'] }
  }
  const data = error instanceof ORPCError ? (error.data as { logId?: string } | undefined) : undefined
  return { code: 'INTERNAL', data: { logId: data?.logId ?? '' } }
}
