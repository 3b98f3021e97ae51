/** OpenAI's API of a whole application, for its official clients. */
import { basename } from 'node:path'
import OpenAI from 'openai'
import { startEngine } from '../../../core/core.fixture.ts'
import type { EngineProcess } from '../../../core/engine/engine-starter.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { startApi } from '../api-server.fixture.ts'

export const demo = 'yangtuo-demo'
/** Talks nonsense until its context is full. */
export const endless = 'endless'

/** Both models may be loaded at the same time. */
export async function startOpenAi(settings: Partial<Settings> = {}) {
  const engines = new Map<string, EngineProcess>()
  const api = await startApi({
    settings: { apiKeepsOneModel: false, ...settings },
    startEngine: () => noted(startEngine(), engines),
  })
  const baseURL = `${api.url}/v1`
  return {
    ...api,
    baseURL,
    openai: new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 }),
    /** Status and body of a request as `curl` sends it. */
    post: async (path: string, body: object) => {
      const response = await fetch(`${baseURL}${path}`, { method: 'POST', body: JSON.stringify(body) })
      return { status: response.status, body: await response.json() }
    },
    liveRequests: async () => {
      for await (const { requests } of await api.client.apiServer.watchActivity()) return requests.length
      throw new Error('The stream of activity ended')
    },
    killEngine: (model: string) => engines.get(`${model}.gguf`)!.kill(),
  }
}

export type OpenAiServer = Awaited<ReturnType<typeof startOpenAi>>

/** Keeps the process under the name of the file that it loads. */
function noted(engine: EngineProcess, engines: Map<string, EngineProcess>): EngineProcess {
  return {
    get pid() {
      return engine.pid
    },
    send(request) {
      if (request.type === 'call' && request.name === 'load') engines.set(basename(request.input.path), engine)
      engine.send(request)
    },
    onEvent: (listener) => engine.onEvent(listener),
    onExit: (listener) => engine.onExit(listener),
    kill: () => engine.kill(),
  }
}
