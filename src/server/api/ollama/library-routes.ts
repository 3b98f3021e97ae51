/** What there is to ask, and how it comes and goes: `/api/tags`, `/api/show`, `/api/pull`, `/api/create`, … */
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { needsScope, type ApiEnv } from '../api-env.ts'
import { readJson } from '../request-body.ts'
import { streamLines } from '../stream-response.ts'
import { createBody, createModel, derivedName } from './create-model.ts'
import { listedModel, loadedModels, shownModel } from './model-answers.ts'
import { Pulls } from './pull-model.ts'
import { modelField, streamField } from './request-fields.ts'

const named = z
  .object({ model: modelField, name: modelField, stream: streamField })
  .transform(({ model, name, stream }) => ({ name: model || name || '', stream }))
  .refine(({ name }) => name !== '', { path: ['model'], error: 'is missing' })

const copyBody = z.object({ source: z.string(), destination: z.string() })

export function addLibraryRoutes(routes: Hono<ApiEnv>, services: ApiServices): void {
  const { client, inference, derivedModels } = services
  const mayAsk = needsScope('inference')
  const mayManage = needsScope('manage')
  const pulls = new Pulls(services)

  routes.get('/api/tags', mayAsk, (c) => c.json({ models: inference.models().map(listedModel) }))

  routes.get('/api/ps', mayAsk, async (c) => c.json({ models: await loadedModels(services) }))

  routes.post('/api/show', mayAsk, async (c) => {
    const { name } = await readJson(c, named)
    return c.json(await shownModel(services, inference.find(name)))
  })

  routes.post('/api/create', mayManage, async (c) => {
    const body = await readJson(c, createBody)
    await createModel(services, body)
    const lines = ['reading model metadata', 'writing manifest', 'success'].map((status) => ({ status }))
    return progressAnswer(c, body.stream, linesOf(lines))
  })

  routes.post('/api/copy', mayManage, async (c) => {
    const { source, destination } = await readJson(c, copyBody)
    derivedModels.copy(inference.find(source), derivedName(services, destination, 'destination'))
    return c.body(null, 200)
  })

  routes.delete('/api/delete', mayManage, async (c) => {
    const { name } = await readJson(c, named)
    const { model, derived } = inference.find(name)
    if (derived) derivedModels.remove(derived.name)
    else await removeModel(model.id)
    return c.body(null, 200)
  })

  routes.post('/api/pull', mayManage, async (c) => {
    const { name, stream } = await readJson(c, named)
    return progressAnswer(c, stream, pulls.pull(name, c.req.raw.signal))
  })

  routes.post('/api/push', mayManage, () => {
    throw new AppFailure('UNSUPPORTED', {})
  })

  // Ollama's own client looks whether a file must be sent before it makes a model of it.
  routes.get('/api/blobs/:digest', mayManage, async (c) => {
    const sha256 = c.req.param('digest').replace(/^sha256:/, '')
    const { models } = await client.models.list()
    return c.body(null, models.some((model) => model.sha256 === sha256) ? 200 : 404)
  })

  routes.post('/api/blobs/:digest', mayManage, () => {
    const detail = 'must be of a file in the library: import the file or pull the model first'
    throw new AppFailure('REQUEST_INVALID', { field: 'digest', detail })
  })

  /** To the trash; where there is none, only off the list. */
  async function removeModel(modelId: string): Promise<void> {
    const { trash } = await client.app.capabilities()
    if (trash) await client.models.trash({ modelId })
    else await client.models.remove({ modelId })
  }
}

/** Without a stream only how it ended. */
async function progressAnswer(
  c: Context<ApiEnv>,
  stream: boolean | null | undefined,
  lines: AsyncGenerator<object>,
): Promise<Response> {
  if (stream !== false) return streamLines(c, lines)
  let last: object = {}
  for await (const line of lines) last = line
  return c.json(last)
}

async function* linesOf(lines: object[]): AsyncGenerator<object> {
  yield* lines
}
