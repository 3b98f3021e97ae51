/** Anthropic's Messages API, on the same answers as the others. */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import { needsScope, type ApiEnv } from '../api-env.ts'
import { readJson } from '../request-body.ts'
import { streamEvents } from '../stream-response.ts'
import { messageEvents, wholeMessage, type MessageHead } from './messages-answer.ts'
import { messagesBody, promptBody, promptOf, requestOf } from './messages-request.ts'

export function anthropicRoutes({ inference }: ApiServices): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  const mayAsk = needsScope('inference')

  routes.post('/v1/messages', mayAsk, async (c) => {
    const body = await readJson(c, messagesBody)
    const answer = inference.generate(requestOf(body), c.var.client, c.req.raw.signal)
    const head: MessageHead = {
      id: `msg_${randomUUID().replaceAll('-', '')}`,
      stopSequences: body.stop_sequences ?? [],
    }
    return body.stream ? streamEvents(c, messageEvents(answer, head)) : c.json(await wholeMessage(answer, head))
  })

  routes.post('/v1/messages/count_tokens', mayAsk, async (c) => {
    const body = await readJson(c, promptBody)
    const request = { model: body.model ?? '', prompt: promptOf(body) }
    const { promptTokens } = await inference.countTokens(request, c.var.client, c.req.raw.signal)
    return c.json({ input_tokens: promptTokens })
  })

  return routes
}
