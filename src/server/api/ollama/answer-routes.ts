/** Asking models: `/api/chat`, `/api/generate`, `/api/embed`, `/api/embeddings`. */
import type { Context, Hono } from 'hono'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { needsScope, type ApiEnv } from '../api-env.ts'
import { loadableId } from '../own/list-models.ts'
import { readJson } from '../request-body.ts'
import { streamLines } from '../stream-response.ts'
import { chatAnswer, chatBody, chatLines, chatRequest } from './chat-request.ts'
import { embedAnswer, embedBody, embeddingsBody } from './embed-request.ts'
import { generateAnswer, generateBody, generateLines, generatePlan } from './generate-request.ts'
import { contextSizeOf, type OllamaOptions } from './ollama-options.ts'

interface LoadBody {
  model?: string | null
  keep_alive?: number | null
  options?: OllamaOptions | null
}

export function addAnswerRoutes(routes: Hono<ApiEnv>, { client, inference }: ApiServices): void {
  const mayAsk = needsScope('inference')

  routes.post('/api/chat', mayAsk, async (c) => {
    const body = await readJson(c, chatBody)
    if (!body.messages?.length) {
      const done = await loadOrUnload(c, body)
      return c.json({ ...done, message: { role: 'assistant', content: '' } })
    }
    const events = inference.generate(chatRequest(body), c.var.client, c.req.raw.signal)
    return body.stream === false ? c.json(await chatAnswer(body, events)) : streamLines(c, chatLines(body, events))
  })

  routes.post('/api/generate', mayAsk, async (c) => {
    const body = await readJson(c, generateBody)
    if (!body.prompt) return c.json({ ...(await loadOrUnload(c, body)), response: '' })
    const plan = generatePlan(body, inference.find(body.model ?? ''))
    const events = inference.generate(plan.request, c.var.client, c.req.raw.signal)
    if (body.stream === false) return c.json(await generateAnswer(body, plan, events))
    return streamLines(c, generateLines(body, plan, events))
  })

  routes.post('/api/embed', mayAsk, async (c) => {
    const body = await readJson(c, embedBody)
    const startedAt = performance.now()
    if (body.input.length === 0) {
      await loadOrUnload(c, body)
      return c.json({ model: body.model ?? '', embeddings: [] })
    }
    const request = { model: body.model ?? '', texts: body.input, ttlSeconds: body.keep_alive }
    const embedded = await inference.embed(request, c.var.client, c.req.raw.signal)
    return c.json(embedAnswer(body, embedded, performance.now() - startedAt))
  })

  routes.post('/api/embeddings', mayAsk, async (c) => {
    const body = await readJson(c, embeddingsBody)
    if (!body.prompt) {
      await loadOrUnload(c, body)
      return c.json({ embedding: [] })
    }
    const request = { model: body.model ?? '', texts: [body.prompt], ttlSeconds: body.keep_alive }
    const { vectors } = await inference.embed(request, c.var.client, c.req.raw.signal)
    return c.json({ embedding: [...vectors[0]!] })
  })

  /** What asking for nothing means: the model is loaded, or unloaded if it is to stay no longer. */
  async function loadOrUnload(c: Context<ApiEnv>, body: LoadBody): Promise<object> {
    const { model, keep_alive: ttlSeconds, options } = body
    const found = inference.find(model ?? '')
    const done = { model: model ?? '', created_at: new Date().toISOString(), done: true }
    if (ttlSeconds === 0) {
      const { key } = c.var
      if (key && !key.scopes.includes('manage')) throw new AppFailure('SCOPE_MISSING', { scope: 'manage' })
      await client.models.unload({ modelId: loadableId(found) })
      return { ...done, done_reason: 'unload' }
    }
    const prompt = { type: 'text' as const, text: '', suffix: '' }
    const request = { model: found.name, prompt, ttlSeconds, contextSize: contextSizeOf(options ?? {}) }
    await inference.countTokens(request, c.var.client, c.req.raw.signal)
    return { ...done, done_reason: 'load' }
  }
}
