/** A request to `/v1/messages`, taken apart (docs.anthropic.com, "Messages"). Models read text only. */
import { z } from 'zod'
import type { InferenceMessage, InferencePrompt, InferenceRequest, ToolChoice } from '../../../shared/contract/inference.ts'
import { samplingRanges } from '../../../shared/lib/sampling.ts'
import type { SamplingOverrides } from '../../../shared/lib/sampling.ts'

const textBlock = z.object({ type: z.literal('text'), text: z.string() })

/** A text, or blocks of text, which are put in lines of their own. */
const plainText = z.preprocess(asBlocks, z.array(textBlock)).transform((blocks) => blocks.map(({ text }) => text).join('\n'))

function asBlocks(content: unknown): unknown {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

const blockTypes = ['text', 'tool_use', 'tool_result', 'thinking', 'redacted_thinking'] as const

const contentBlock = z.discriminatedUnion(
  'type',
  [
    textBlock,
    z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.record(z.string(), z.unknown()) }),
    z.object({ type: z.literal('tool_result'), tool_use_id: z.string(), content: plainText.default('') }),
    // What a model once thought is not read again.
    z.object({ type: z.literal('thinking') }),
    z.object({ type: z.literal('redacted_thinking') }),
  ],
  { error: `must be one of ${blockTypes.join(', ')}: models read text only` },
)
type ContentBlock = z.infer<typeof contentBlock>

const message = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.preprocess(asBlocks, z.array(contentBlock, { error: 'must be a text or a list of blocks' })),
})

const tool = z
  .object({ name: z.string().min(1), description: z.string().nullish(), input_schema: z.record(z.string(), z.unknown()) })
  .transform(({ name, description, input_schema }) => ({
    name,
    description: description ?? '',
    parameters: input_schema,
  }))

const fraction = z.number().min(0).max(1).nullish()

/** Of `/v1/messages/count_tokens`, too. */
export const promptBody = z.object({
  model: z.string().nullish(),
  system: plainText.nullish(),
  messages: z.array(message, { error: 'must be a list of messages' }).min(1),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('auto') }),
      z.object({ type: z.literal('any') }),
      z.object({ type: z.literal('none') }),
      z.object({ type: z.literal('tool'), name: z.string() }),
    ])
    .nullish(),
})

export const messagesBody = promptBody.extend({
  max_tokens: z.int().min(1),
  stop_sequences: z.array(z.string().min(1).max(200)).max(16).nullish(),
  stream: z.boolean().nullish(),
  temperature: fraction,
  top_p: fraction,
  top_k: z.int().min(0).max(samplingRanges.topK.max).nullish(),
})

export function promptOf(body: z.infer<typeof promptBody>): InferencePrompt {
  const system: InferenceMessage[] = body.system ? [{ role: 'system', text: body.system }] : []
  return {
    type: 'chat',
    messages: [...system, ...body.messages.flatMap(({ role, content }) => messagesOf(role, content))],
    tools: body.tools ?? [],
    toolChoice: toolChoiceOf(body.tool_choice ?? { type: 'auto' }),
  }
}

export function requestOf(body: z.infer<typeof messagesBody>): InferenceRequest {
  const sampling: SamplingOverrides = { maxTokens: Math.min(body.max_tokens, samplingRanges.maxTokens.max) }
  if (typeof body.temperature === 'number') sampling.temperature = body.temperature
  if (typeof body.top_p === 'number') sampling.topP = body.top_p
  if (typeof body.top_k === 'number') sampling.topK = body.top_k
  if (body.stop_sequences) sampling.stopTexts = body.stop_sequences
  return {
    model: body.model ?? '',
    prompt: promptOf(body),
    sampling,
    logitBias: {},
    topLogprobs: null,
    splitsReasoning: true,
  }
}

/** What tools returned stands in the person's message, and comes before its text. */
function messagesOf(role: z.infer<typeof message>['role'], content: ContentBlock[]): InferenceMessage[] {
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
  if (role === 'system') return [{ role, text }]
  if (role === 'assistant') {
    const toolCalls = content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: JSON.stringify(block.input) }] : [],
    )
    return [{ role, text, toolCalls }]
  }
  const results = content.flatMap((block): InferenceMessage[] =>
    block.type === 'tool_result' ? [{ role: 'tool', text: block.content, toolCallId: block.tool_use_id }] : [],
  )
  return text === '' && results.length > 0 ? results : [...results, { role, text }]
}

function toolChoiceOf(choice: NonNullable<z.infer<typeof promptBody>['tool_choice']>): ToolChoice {
  return choice.type === 'any' ? { type: 'required' } : choice
}
