/** Anthropic's Messages API, on the same answers as the others. */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { needsScope, type ApiEnv } from '../api-env.ts'
import { readJson } from '../request-body.ts'
import { streamEvents } from '../stream-response.ts'
import { messageEvents, wholeMessage } from './messages-answer.ts'
import { messagesBody, promptBody, promptOf, requestOf } from './messages-request.ts'

export function anthropicRoutes({ inference }: ApiServices): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  const mayAsk = needsScope('inference')

  routes.post('/v1/messages', mayAsk, async (c) => {
    const body = await readJson(c, messagesBody)
    const answer = inference.generate(requestOf(body), c.var.client, c.req.raw.signal)
    const id = `msg_${randomUUID().replaceAll('-', '')}`
    return body.stream ? streamEvents(c, messageEvents(answer, id)) : c.json(await wholeMessage(answer, id))
  })

  routes.post('/v1/messages/count_tokens', mayAsk, async (c) => {
    const body = await readJson(c, promptBody)
    const request = { model: body.model ?? '', prompt: promptOf(body) }
    const { promptTokens } = await inference.countTokens(request, c.var.client, c.req.raw.signal)
    return c.json({ input_tokens: promptTokens })
  })

  return routes
}
