import { ORPCError } from '@orpc/server'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { internalFailure } from '../../core/internal-failure.ts'
import type { Log } from '../../core/ports.ts'
import { failureSchema } from '../../shared/contract/errors.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { ApiEnv } from './api-env.ts'
import { errorBody } from './error-bodies.ts'
import { failureStatus } from './failure-status.ts'

/** Status and body, in the shape of the request's protocol, of whatever a route has thrown. */
export function failedAnswer(c: Context<ApiEnv>, error: unknown): { status: ContentfulStatusCode; body: object } {
  const failure = failureOf(error, c.var.log, c.req.path)
  const status = failureStatus(failure.code)
  return { status, body: errorBody(c.var.protocol, status, failure, c.var.language) }
}

/** Of core, also when it came through the contract; anything else is a defect, and goes to the log. */
function failureOf(error: unknown, log: Log, path: string): AppFailure {
  if (error instanceof AppFailure) return error
  if (error instanceof ORPCError) {
    const failure = failureSchema.safeParse(error)
    if (failure.success) return AppFailure.fromFailure(failure.data)
    if (error.code === 'BAD_REQUEST') return new AppFailure('REQUEST_INVALID', { field: 'body', detail: error.message })
  }
  return internalFailure(log, 'An API request failed unexpectedly', error, { path })
}
