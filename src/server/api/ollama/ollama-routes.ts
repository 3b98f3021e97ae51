/** Ollama's API (https://docs.ollama.com/api), for programs that know nothing else. */
import { Hono } from 'hono'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { needsScope, type ApiEnv } from '../api-env.ts'
import { addAnswerRoutes } from './answer-routes.ts'
import { addLibraryRoutes } from './library-routes.ts'

/** The version of Ollama whose API is spoken: clients refuse to talk to one that is too old for them. */
const spokenVersion = '0.12.0'

export function ollamaRoutes(services: ApiServices): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get('/api/version', needsScope('inference'), (c) => {
    return c.json({ version: spokenVersion, yangtuo: services.version })
  })
  addAnswerRoutes(routes, services)
  addLibraryRoutes(routes, services)
  return routes
}
