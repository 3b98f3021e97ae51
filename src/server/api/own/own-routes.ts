/** Our own endpoints: models are listed, loaded, unloaded and downloaded; near LM Studio's REST API (`/api/v1`). */
import { Hono } from 'hono'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { type ApiEnv, needsScope } from '../api-env.ts'
import { readJson } from '../request-body.ts'
import { streamEvents } from '../stream-response.ts'
import { downloadProgress, startDownload, statusOf, listDownloads } from './downloads.ts'
import { loadedAnswer, loadProgress } from './load-model.ts'
import { describeModel, listModels, loadableId } from './list-models.ts'
import { downloadRequestSchema, loadRequestSchema, unloadRequestSchema } from './requests.ts'

export function ownRoutes(services: ApiServices): Hono<ApiEnv> {
  const { client, inference } = services
  const app = new Hono<ApiEnv>()

  const introduction = `Yangtuo ${services.version} is running. OpenAI: /v1 · Ollama: /api · Yangtuo: /api/v1\n`
  app.get('/', (c) => c.text(introduction))
  app.get('/health', (c) => c.json({ status: 'ok', version: services.version }))
  app.get('/ready', (c) => {
    const model = c.req.query('model')
    if (model === undefined) return c.json({ status: 'ready' })
    const { name } = inference.find(model)
    const isLoaded = inference.models().some((one) => one.name === name && one.isLoaded)
    if (isLoaded) return c.json({ status: 'ready', model: name })
    return c.json({ status: 'model-not-loaded', model: name }, 503)
  })

  app.get('/api/v1/models', needsScope('inference'), async (c) => c.json({ models: await listModels(services) }))
  app.post('/api/v1/models/load', needsScope('manage'), async (c) => {
    const request = await readJson(c, loadRequestSchema)
    const found = inference.find(request.model)
    if (!request.stream) return c.json(await loadedAnswer(services, found, request))
    return streamEvents(c, loadProgress(services, found, request, c.req.raw.signal))
  })
  app.post('/api/v1/models/unload', needsScope('manage'), async (c) => {
    const request = await readJson(c, unloadRequestSchema)
    const found = inference.find(request.instance_id ?? request.model!)
    await client.models.unload({ modelId: loadableId(found) })
    return c.json({ instance_id: found.name })
  })

  app.post('/api/v1/models/download', needsScope('manage'), async (c) => {
    const request = await readJson(c, downloadRequestSchema)
    const download = await startDownload(client, request)
    if (!request.stream) return c.json(download)
    return streamEvents(c, downloadProgress(client, download.job_id, c.req.raw.signal))
  })
  app.get('/api/v1/models/download/status', needsScope('manage'), async (c) => {
    return c.json({ downloads: (await listDownloads(client)).map(statusOf) })
  })
  app.get('/api/v1/models/download/status/:id', needsScope('manage'), async (c) => {
    const id = c.req.param('id')
    const download = (await listDownloads(client)).find((one) => one.id === id)
    if (!download) throw new AppFailure('NOT_FOUND', { what: 'download', id })
    return c.json(statusOf(download))
  })
  app.get('/api/v1/models/:name{.+}', needsScope('inference'), async (c) => {
    return c.json(await describeModel(services, inference.find(c.req.param('name'))))
  })

  app.get('/api/v1/logs', needsScope('manage'), (c) => {
    if (!services.getSettings().apiLogsPrompts) throw new AppFailure('PROMPT_LOG_OFF', {})
    return streamEvents(c, logEvents(services, c.req.raw.signal))
  })
  return app
}

/** Each request that ends from now on: exactly what the model read and wrote. */
async function* logEvents({ activity }: ApiServices, signal: AbortSignal) {
  yield { event: 'log.start', data: '{}' }
  for await (const entries of activity.watchLog(signal)) {
    for (const entry of entries) yield { event: 'log.entry', data: JSON.stringify(entry) }
  }
}
