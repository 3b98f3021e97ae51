/** Ollama's API of a whole application, for its official client. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Ollama } from 'ollama'
import { startApi, type TestApiOptions } from '../api-server.fixture.ts'

export const demo = 'yangtuo-demo'
/** Talks nonsense until its context is full. */
export const endless = 'endless'

export const question = '法国的首都是哪里？'
export const answer = '法国的首都是巴黎。'

export async function startOllama(options: TestApiOptions = {}) {
  const api = await startApi(options)
  const ollama = new Ollama({ host: api.url })
  // The bundled model comes into the library after the start.
  while ((await ollama.list()).models.length < 2) await sleep(50)
  return {
    ...api,
    ollama,
    /** Status and body of a request as `curl` sends it. */
    send: async (path: string, body: object, method = 'POST') => {
      const response = await fetch(`${api.url}${path}`, { method, body: JSON.stringify(body) })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) }
    },
  }
}

export type OllamaServer = Awaited<ReturnType<typeof startOllama>>

/** What `work` fails with. */
export async function failureOf(work: Promise<unknown>): Promise<{ status_code?: number; message: string }> {
  return work.then(
    () => ({ message: 'it did not fail' }),
    (error: { status_code?: number; message: string }) => error,
  )
}
