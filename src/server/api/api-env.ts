/** What every request of the HTTP APIs carries, and what its routes may take for granted of it. */
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import type { InferenceClient } from '../../core/inference/inference.ts'
import type { Log } from '../../core/ports.ts'
import type { ApiKey, ApiProtocol, ApiScope } from '../../shared/contract/api-server.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { Language } from '../../shared/texts/format.ts'

export interface RequestLimits {
  bodyBytes: number
  /** A body of which nothing came for so long is given up. */
  bodyStallMs: number
  /** Header and body together. */
  requestMs: number
}

export interface ApiEnv {
  Bindings: HttpBindings
  Variables: {
    client: InferenceClient
    protocol: ApiProtocol
    /** null where no key is needed; then everything is allowed. */
    key: ApiKey | null
    /** Of error messages. */
    language: Language
    limits: RequestLimits
    log: Log
  }
}

/** Stands before every route: `app.post('/api/pull', needsScope('manage'), …)`. */
export function needsScope(scope: ApiScope): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { key } = c.var
    if (key && !key.scopes.includes(scope)) throw new AppFailure('SCOPE_MISSING', { scope })
    await next()
  }
}

/** Thrown where a request ends because its client left: nobody reads the answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}
