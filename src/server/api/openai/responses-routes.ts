/**
 * OpenAI's Responses API. A later request may go on from a response by its id, so the last conversations are kept,
 * in memory only: whoever needs them for longer sends them along.
 */
import { Hono } from 'hono'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import type { InferenceEvent, InferenceMessage } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { ClientGone, needsScope, type ApiEnv } from '../api-env.ts'
import { readJson } from '../request-body.ts'
import { streamEvents, type ServerSentEvent } from '../stream-response.ts'
import { idOf, responseEvents, type ResponseEvent, type ResponseHead } from './responses-answer.ts'
import { inputMessages, readResponsesRequest, responsesBody } from './responses-request.ts'

const mostKept = 200

interface Conversation {
  messages: InferenceMessage[]
  /** Of the key it was had with; others do not find it. */
  party: string
}

export function responsesRoutes({ inference }: ApiServices): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  /** By the id of the response that ends them, the oldest first. */
  const kept = new Map<string, Conversation>()

  routes.post('/v1/responses', needsScope('inference'), async (c) => {
    const body = await readJson(c, responsesBody)
    const { client } = c.var
    const previousId = body.previous_response_id ?? null
    const messages = [...earlier(previousId, client.party), ...inputMessages(body)]
    const request = readResponsesRequest(body, messages)
    const head: ResponseHead = {
      id: idOf('resp'),
      createdAt: Math.floor(Date.now() / 1000),
      instructions: body.instructions ?? null,
      previousId,
    }
    const events = inference.generate(request, client, c.req.raw.signal)
    const answer = body.store === false ? events : keeping(events, head.id, { messages, party: client.party })
    const told = responseEvents(answer, head)
    return body.stream ? streamEvents(c, serverSent(told)) : c.json(await last(told))
  })

  return routes

  function earlier(previousId: string | null, party: string): InferenceMessage[] {
    if (previousId === null) return []
    const found = kept.get(previousId)
    if (found?.party === party) return found.messages
    const detail = `${previousId} is not (or no longer) there; send the conversation along`
    throw new AppFailure('REQUEST_INVALID', { field: 'previous_response_id', detail })
  }

  /** The events as they are; when they have ended, the conversation with the answer is kept. */
  async function* keeping(events: AsyncIterable<InferenceEvent>, id: string, { messages, party }: Conversation) {
    const answer: Extract<InferenceMessage, { role: 'assistant' }> = { role: 'assistant', text: '', toolCalls: [] }
    for await (const event of events) {
      if (event.type === 'text') answer.text += event.text
      else if (event.type === 'tool-call') answer.toolCalls.push({ id: event.id, name: event.name, arguments: '' })
      else if (event.type === 'tool-arguments') answer.toolCalls[event.index]!.arguments += event.text
      else if (event.type === 'end') {
        kept.set(id, { messages: [...messages, answer], party })
        if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
      }
      yield event
    }
  }
}

async function* serverSent(events: AsyncIterable<ResponseEvent>): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) yield { event: event.type, data: JSON.stringify(event) }
}

/** The response as it ended. Throws ClientGone where it was stopped. */
async function last(events: AsyncIterable<ResponseEvent>): Promise<object> {
  let response: unknown
  for await (const event of events) {
    if (event.type === 'response.completed' || event.type === 'response.incomplete') response = event.response
  }
  if (!response) throw new ClientGone()
  return response
}
