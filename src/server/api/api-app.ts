/**
 * The HTTP APIs as one application: who asks and whether they may (before any routing), the routes of each
 * protocol, and answers to what none of them has.
 */
import { Hono } from 'hono'
import type { Context, MiddlewareHandler } from 'hono'
import { getPath } from 'hono/utils/url'
import type { ApiServerAddress, ApiServices } from '../../core/api-server/api-services.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { anthropicRoutes } from './anthropic/anthropic-routes.ts'
import { type ApiEnv, ClientGone, type RequestLimits } from './api-env.ts'
import { checkKey } from './api-key.ts'
import { protocolOf } from './error-bodies.ts'
import { failedAnswer } from './failed-answer.ts'
import { Metrics } from './metrics.ts'
import { ollamaRoutes } from './ollama/ollama-routes.ts'
import { openAiRoutes } from './openai/openai-routes.ts'
import { responsesRoutes } from './openai/responses-routes.ts'
import { ownRoutes } from './own/own-routes.ts'
import { checkHost, checkOrigin } from './request-guard.ts'

/** Watchers of services must be able to ask without a key. */
const openPaths = ['/health', '/ready']

export function createApiApp(services: ApiServices, address: ApiServerAddress, limits: RequestLimits): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>({ getPath: plainPath })
  const metrics = new Metrics(services)
  const observed = { ...services, inference: metrics.observe(services.inference) }
  app.use(metrics.count)
  app.use(async (c, next) => {
    c.set('protocol', protocolOf(c.req.path))
    c.set('language', c.req.header('accept-language')?.toLowerCase().startsWith('zh') ? 'zh' : 'en')
    c.set('limits', limits)
    c.set('log', services.log)
    await next()
  })
  app.use(admit(services, address))
  app.get('/metrics', (c) => metrics.answer(c))
  app.route('/', ownRoutes(observed))
  app.route('/', openAiRoutes(observed))
  app.route('/', ollamaRoutes(observed))
  app.route('/', responsesRoutes(observed))
  app.route('/', anthropicRoutes(observed))
  app.notFound((c) => {
    throw unknown(app, c)
  })
  app.onError((error, c) => {
    // Nobody reads it.
    if (error instanceof ClientGone || c.req.raw.signal.aborted) return new Response(null, { status: 499 })
    const { status, body } = failedAnswer(c, error)
    if (status === 429) c.header('retry-after', '1')
    return c.json(body, status)
  })
  return app
}

/** `//v1/models/` → `/v1/models`: addresses put together by hand have a slash too many. */
function plainPath(request: Request): string {
  const path = getPath(request).replace(/\/{2,}/g, '/')
  return path.length > 1 ? path.replace(/\/$/, '') : path
}

function admit(services: ApiServices, address: ApiServerAddress): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { incoming } = c.env
    const settings = services.getSettings()
    checkHost(incoming, address.host, settings.apiServerHostNames)
    const origin = checkOrigin(incoming, settings.apiServerOrigins)
    if (origin !== null) {
      c.header('access-control-allow-origin', origin)
      c.header('vary', 'Origin')
      if (c.req.method === 'OPTIONS') return preflightAnswer(c)
    }
    const needsKey = address.needsKey || settings.apiServerNeedsKey
    const key = checkKey(c, services.keys, needsKey && !openPaths.includes(c.req.path))
    c.set('key', needsKey ? key : null)
    c.set('client', {
      protocol: c.var.protocol,
      endpoint: c.req.path,
      name: key?.name ?? '',
      party: key?.id ?? incoming.socket.remoteAddress ?? '',
    })
    await next()
  }
}

/** Sent before the key: browsers ask without it. */
function preflightAnswer(c: Context<ApiEnv>): Response {
  c.header('access-control-allow-methods', 'GET, POST, DELETE')
  c.header('access-control-allow-headers', c.req.header('access-control-request-headers') ?? '*')
  c.header('access-control-max-age', '600')
  if (c.req.header('access-control-request-private-network')) c.header('access-control-allow-private-network', 'true')
  return c.body(null, 204)
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']

/** METHOD_REFUSED, with the methods that there are in `Allow`, or PATH_UNKNOWN. */
function unknown(app: Hono<ApiEnv>, c: Context<ApiEnv>): AppFailure {
  const { path, method } = c.req
  const allowed = methods.filter((one) => app.router.match(one, path)[0].some(([[, route]]) => route.method === one))
  if (allowed.length === 0) return new AppFailure('PATH_UNKNOWN', { path })
  c.header('allow', allowed.join(', '))
  return new AppFailure('METHOD_REFUSED', { method, path })
}
