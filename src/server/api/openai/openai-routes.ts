/** OpenAI's API, on which clients of all languages build: models, chats, completions and embeddings. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import type { InferenceRequest } from '../../../shared/contract/inference.ts'
import { answerAll } from '../answers.ts'
import { needsScope, type ApiEnv } from '../api-env.ts'
import { readJson } from '../request-body.ts'
import { streamEvents, type ServerSentEvent } from '../stream-response.ts'
import { chatChunks, chatCompletion, type AnswerHead } from './chat-answer.ts'
import { chatBody, readChatRequest } from './chat-request.ts'
import { completion, completionChunks } from './completion-answer.ts'
import { completionBody, readCompletionRequest } from './completion-request.ts'
import { embeddingsAnswer, embeddingsBody } from './embeddings.ts'
import { modelObject } from './model-object.ts'

export function openAiRoutes({ inference, version }: ApiServices): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  const mayAsk = needsScope('inference')

  routes.get('/v1/models', mayAsk, (c) => {
    return c.json({ object: 'list', data: inference.models().map((model) => modelObject(model, model.isLoaded)) })
  })

  // The names of models may have slashes, as they are or as %2F.
  routes.get('/v1/models/:name{.+}', mayAsk, (c) => {
    const found = inference.find(c.req.param('name'))
    const isLoaded = inference.models().some((model) => model.name === found.name && model.isLoaded)
    return c.json(modelObject(found, isLoaded))
  })

  routes.post('/v1/chat/completions', mayAsk, async (c) => {
    const body = await readJson(c, chatBody)
    const { requests, form } = readChatRequest(body)
    const head = headOf('chatcmpl')
    const answers = answersOf(c, requests)
    if (!body.stream) return c.json(await chatCompletion(answers, head, form, requests.length))
    const includesUsage = body.stream_options?.include_usage === true
    return streamEvents(c, eventsOf(chatChunks(answers, head, form, includesUsage)))
  })

  routes.post('/v1/completions', mayAsk, async (c) => {
    const body = await readJson(c, completionBody)
    const { requests, form } = readCompletionRequest(body)
    const head = headOf('cmpl')
    const answers = answersOf(c, requests)
    if (!body.stream) return c.json(await completion(answers, head, form))
    const includesUsage = body.stream_options?.include_usage === true
    return streamEvents(c, eventsOf(completionChunks(answers, head, form, includesUsage)))
  })

  routes.post('/v1/embeddings', mayAsk, async (c) => {
    const body = await readJson(c, embeddingsBody)
    const request = { model: body.model ?? '', texts: body.input, ttlSeconds: body.ttl ?? undefined }
    return c.json(embeddingsAnswer(await inference.embed(request, c.var.client, c.req.raw.signal), body))
  })

  return routes

  function answersOf(c: Context<ApiEnv>, requests: InferenceRequest[]) {
    return answerAll(inference, requests, c.var.client, c.req.raw.signal)
  }

  function headOf(prefix: string): AnswerHead {
    const id = `${prefix}-${randomUUID().replaceAll('-', '')}`
    return { id, created: Math.floor(Date.now() / 1000), fingerprint: `yangtuo-${version}` }
  }
}

async function* eventsOf(chunks: AsyncIterable<object>): AsyncGenerator<ServerSentEvent> {
  for await (const chunk of chunks) yield { data: JSON.stringify(chunk) }
  yield { data: '[DONE]' }
}
