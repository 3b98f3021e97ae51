/** `/api/generate`: the request, and the lines of its answer. */
import { z } from 'zod'
import type { FoundModel } from '../../../core/inference/inference.ts'
import type {
  InferenceEvent,
  InferenceMessage,
  InferencePrompt,
  InferenceRequest,
} from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { chooseChatTemplate } from '../../../shared/lib/chat-templates.ts'
import { answerPieces, wholeAnswer, type AnswerPiece } from './answer-lines.ts'
import { contextOf, messagesOf } from './conversation-context.ts'
import { goTemplateToJinja } from './go-template-to-jinja.ts'
import { answerFields, answerRequest, imagesField } from './request-fields.ts'

export const generateBody = z.object({
  ...answerFields,
  prompt: z.string().nullish(),
  suffix: z.string().nullish(),
  system: z.string().nullish(),
  template: z.string().nullish(),
  context: z.array(z.int()).nullish(),
  raw: z.boolean().nullish(),
  images: imagesField,
})
export type GenerateBody = z.infer<typeof generateBody>

export interface GeneratePlan {
  request: InferenceRequest
  /** What the answer's `context` is to say before the answer; null = it gets none. */
  messages: InferenceMessage[] | null
}

/** `found`: of the request's model. Throws REQUEST_INVALID. */
export function generatePlan(body: GenerateBody, found: FoundModel): GeneratePlan {
  const request = answerRequest(body)
  const { raw, suffix, system, template, context } = body
  const text = body.prompt ?? ''
  if (raw) {
    if (system || template || context?.length) {
      throw new AppFailure('REQUEST_INVALID', { field: 'raw', detail: 'does not go with system, template or context' })
    }
    return { request: { ...request, prompt: { type: 'text', text, suffix: suffix ?? '' } }, messages: null }
  }
  if (suffix) return { request: { ...request, prompt: { type: 'text', text, suffix } }, messages: null }
  const earlier = context?.length ? messagesOf(context) : []
  const messages: InferenceMessage[] = [
    ...(system ? [{ role: 'system' as const, text: system }] : []),
    // The request's own system prompt takes the place of the earlier one.
    ...earlier.filter(({ role }) => role !== 'system' || !system),
    { role: 'user', text },
  ]
  const prompt: InferencePrompt = template
    ? { type: 'text', text: renderedBy(template, messages, found), suffix: '' }
    : { type: 'chat', messages, tools: [], toolChoice: { type: 'none' } }
  return { request: { ...request, prompt }, messages }
}

function renderedBy(template: string, messages: InferenceMessage[], { derived }: FoundModel): string {
  const systemPrompt = derived?.systemPrompt ?? ''
  const isSystemMissing = systemPrompt !== '' && messages.every(({ role }) => role !== 'system')
  const all = isSystemMissing ? [{ role: 'system' as const, text: systemPrompt }, ...messages] : messages
  const vocabulary = { size: 0, hasToken: () => false, bosText: '', eosText: '' }
  const source = goTemplateToJinja(template)
  const turns = all.flatMap((message) => (message.role === 'tool' ? [] : [{ role: message.role, text: message.text }]))
  return chooseChatTemplate(null, vocabulary, { type: 'jinja', source }).render(turns)
}

export async function* generateLines(
  body: GenerateBody,
  plan: GeneratePlan,
  events: AsyncIterable<InferenceEvent>,
): AsyncGenerator<object> {
  let answer = ''
  for await (const piece of answerPieces(events)) {
    answer += piece.text ?? ''
    if (body.think !== false || !piece.thinking) yield generateLine(body, piece, plan, answer)
  }
}

export async function generateAnswer(
  body: GenerateBody,
  plan: GeneratePlan,
  events: AsyncIterable<InferenceEvent>,
): Promise<object> {
  const piece = await wholeAnswer(answerPieces(events))
  return generateLine(body, piece, plan, piece.text ?? '')
}

function generateLine(
  { model, think }: GenerateBody,
  { text = '', thinking, logprobs, figures }: AnswerPiece,
  { messages }: GeneratePlan,
  answer: string,
): object {
  const said = figures && messages && [...messages, { role: 'assistant' as const, text: answer, toolCalls: [] }]
  return {
    model: model ?? '',
    created_at: new Date().toISOString(),
    response: text,
    ...(thinking && think !== false && { thinking }),
    ...(logprobs && { logprobs }),
    ...(figures ?? { done: false }),
    ...(said && { context: contextOf(said) }),
  }
}
