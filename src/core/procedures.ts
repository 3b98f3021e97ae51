/**
 * The contract's procedures, ready for their handlers, with what becomes of an error: a failure
 * that the procedure declares goes to the client as its code and data; anything else is a defect,
 * which goes to the log in full and to the client as INTERNAL with the id of the log line.
 */
import { implement, ORPCError } from '@orpc/server'
import { contract } from '../shared/contract/index.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { isDiskFull } from './database/database-error.ts'
import { internalFailure } from './internal-failure.ts'
import type { Log } from './ports.ts'

/** `dataDirectory` is what DISK_FULL names. */
export function createProcedures(log: Log, dataDirectory: string) {
  return implement(contract).use(async ({ next, path, procedure }) => {
    try {
      return await next()
    } catch (error) {
      if (isRefusedInput(error)) throw error
      const failure = isDiskFull(error) ? new AppFailure('DISK_FULL', { path: dataDirectory }) : error
      if (failure instanceof AppFailure && failure.code in procedure['~orpc'].errorMap) {
        throw new ORPCError(failure.code, { data: failure.data })
      }
      const { code, data } = internalFailure(log, 'A call failed unexpectedly', error, { call: path.join('.') })
      throw new ORPCError(code, { data })
    }
  })
}

export type Procedures = ReturnType<typeof createProcedures>

/** What oRPC throws for an input that the contract's schema refuses. */
function isRefusedInput(error: unknown): boolean {
  return error instanceof ORPCError && error.code === 'BAD_REQUEST'
}
