/** OpenAI's API over real HTTP, on real engine processes, for its official clients. */
import { join } from 'node:path'
import OpenAI from 'openai'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { silentLog, writeEndlessModel } from '../../../core/core.fixture.ts'
import { startInference } from '../../../core/inference/inference.fixture.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { openApiServer } from '../open-api-server.ts'

export const demo = 'yangtuo-demo'
/** Talks nonsense until its context is full. */
export const endless = 'endless-乱'

/** Both models are in the library, none is loaded; both may be. */
export async function startOpenAi(changes: Partial<Settings> = {}) {
  const core = await startInference({ apiKeepsOneModel: false, ...changes })
  const path = join(core.path, `${endless}.gguf`)
  writeEndlessModel(path)
  await core.library.add({ path, source: 'file' })
  const services: Omit<ApiServices, 'client'> = {
    inference: core.inference,
    derivedModels: core.derivedModels,
    keys: { check: () => null },
    activity: core.activity,
    getSettings: () => core.settings.get(),
    version: '0.0.0',
    log: silentLog,
  }
  const address = { host: '127.0.0.1', port: 0, needsKey: false }
  const server = await openApiServer(services as ApiServices, address)
  const baseURL = `http://127.0.0.1:${server.port}/v1`
  return {
    ...core,
    baseURL,
    openai: new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 }),
    /** Status and body of a request as `curl` sends it. */
    post: async (path: string, body: object) => {
      const response = await fetch(`${baseURL}${path}`, { method: 'POST', body: JSON.stringify(body) })
      return { status: response.status, headers: response.headers, body: await response.json() }
    },
    close: async () => {
      await server.close()
      await core.close()
    },
  }
}

export type OpenAiServer = Awaited<ReturnType<typeof startOpenAi>>
