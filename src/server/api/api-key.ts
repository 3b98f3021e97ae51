import type { Context } from 'hono'
import type { ApiKeyCheck } from '../../core/api-server/api-services.ts'
import type { ApiKey } from '../../shared/contract/api-server.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { ApiEnv } from './api-env.ts'

/**
 * The key that a request carries, where OpenAI's, Anthropic's and Azure's clients put it; null if it is none of
 * ours. Throws API_KEY_NEEDED or API_KEY_WRONG if one is needed; else clients may send anything (`lm-studio`).
 */
export function checkKey(c: Context<ApiEnv>, keys: ApiKeyCheck, isNeeded: boolean): ApiKey | null {
  const bearer = /^bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const secret = bearer ?? c.req.header('x-api-key') ?? c.req.header('api-key')
  const key = secret ? keys.check(secret) : null
  if (isNeeded && !key) throw new AppFailure(secret ? 'API_KEY_WRONG' : 'API_KEY_NEEDED', {})
  return key
}
