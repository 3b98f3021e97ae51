import { describe, expect, test } from 'vitest'
import { inferenceRequestSchema } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { chatBody, readChatRequest } from './chat-request.ts'

const hello = [{ role: 'user', content: 'hello' }]

function read(fields: object) {
  return readChatRequest(chatBody.parse({ messages: hello, ...fields }))
}

function messagesOf(messages: unknown) {
  const { prompt } = read({ messages }).requests[0]!
  return prompt.type === 'chat' ? prompt.messages : []
}

/** The place of the first fault. */
function faultOf(fields: object): string {
  const result = chatBody.safeParse({ messages: hello, ...fields })
  if (!result.success) return result.error.issues[0]!.path.join('.')
  try {
    readChatRequest(result.data)
  } catch (error) {
    if (error instanceof AppFailure) return (error.data as { field: string }).field
    throw error
  }
  return ''
}


describe('messages', () => {
  // Catches a client's way to write content that is refused or loses text: parts, null beside calls, the first
  // project's `message`, a bare text.
  test('are read in every form that clients send', () => {
    expect(messagesOf('你好')).toEqual([{ role: 'user', text: '你好' }])
    expect(messagesOf([{ role: 'user', message: '给我讲一些有关杭州的故事吧' }])).toEqual([
      { role: 'user', text: '给我讲一些有关杭州的故事吧' },
    ])
    const called = { name: 'f', arguments: '{"x":1}' }
    expect(
      messagesOf([
        { role: 'developer', content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] },
        { role: 'user', content: 'q', name: 'Anna' },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: called }] },
        { role: 'tool', tool_call_id: 'c1', content: '2' },
        { role: 'assistant', content: null, function_call: { name: 'g', arguments: { y: 1 } } },
        { role: 'function', name: 'g', content: '3' },
      ]),
    ).toEqual([
      { role: 'system', text: 'a\nb' },
      { role: 'user', text: 'q' },
      { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name: 'f', arguments: '{"x":1}' }] },
      { role: 'tool', text: '2', toolCallId: 'c1' },
      { role: 'assistant', text: '', toolCalls: [{ id: '', name: 'g', arguments: '{"y":1}' }] },
      { role: 'tool', text: '3', toolCallId: null },
    ])
  })

  // Catches a picture that is silently left out, and an answer about nothing.
  test('that a text model cannot read are refused by their place', () => {
    const picture = { type: 'image_url', image_url: { url: 'data:,' } }
    const withPicture = { role: 'user', content: [{ type: 'text', text: 'what?' }, picture] }
    expect(faultOf({ messages: [...hello, withPicture] })).toBe('messages.1.content.1.type')
    expect(faultOf({ messages: [] })).toBe('messages')
    expect(faultOf({ messages: 3 })).toBe('messages')
    expect(faultOf({ messages: [{ role: 'bot', content: 'x' }] })).toBe('messages.0.role')
    expect(faultOf({ messages: [{ role: 'user' }] })).toBe('messages.0.content')
    expect(faultOf({ messages: [{ role: 'user', content: 3 }] })).toBe('messages.0.content')
  })
})

describe('values', () => {
  // Catches a field that is read but never reaches the engine, and one that is given a value nobody asked for.
  test('go to the request under their own names, and only those that were sent', () => {
    expect(read({}).requests).toEqual([
      {
        model: '',
        prompt: { type: 'chat', messages: [{ role: 'user', text: 'hello' }], tools: [], toolChoice: { type: 'auto' } },
        sampling: {},
        logitBias: {},
        topLogprobs: null,
        splitsReasoning: true,
        ttlSeconds: undefined,
        draftModel: undefined,
      },
    ])
    const { requests } = read({
      model: 'm',
      temperature: 0.7,
      top_p: 0.75,
      top_k: 40,
      min_p: 0.05,
      repetition_penalty: 1.1,
      frequency_penalty: 0.5,
      presence_penalty: -1,
      max_tokens: 90,
      max_completion_tokens: null,
      seed: 7,
      stop: '\n',
      logit_bias: { 5: -100 },
      logprobs: true,
      top_logprobs: 2,
      ttl: 30,
      draft_model: 'small',
      num_beams: 4,
      user: null,
    })
    expect(requests[0]).toMatchObject({
      model: 'm',
      sampling: {
        temperature: 0.7,
        topP: 0.75,
        topK: 40,
        minP: 0.05,
        repeatPenalty: 1.1,
        frequencyPenalty: 0.5,
        presencePenalty: -1,
        maxTokens: 90,
        seed: 7,
        stopTexts: ['\n'],
      },
      logitBias: { 5: -100 },
      topLogprobs: 2,
      ttlSeconds: 30,
      draftModel: 'small',
    })
    expect(inferenceRequestSchema.parse(requests[0])).toEqual(requests[0])
  })

  // Catches the ways other servers say "none" being taken for numbers out of range.
  test('have the special numbers of other servers', () => {
    const sampling = (fields: object) => read(fields).requests[0]!.sampling
    expect(sampling({ top_k: -1 })).toEqual({ topK: 0 })
    expect(sampling({ max_tokens: -1, seed: -1 })).toEqual({})
    expect(sampling({ max_tokens: 1e9 })).toEqual({ maxTokens: 131_072 })
    expect(sampling({ seed: 2 ** 40 + 3 })).toMatchObject({ seed: 259 })
    expect(sampling({ do_sample: false, temperature: 0.9 })).toEqual({ temperature: 0 })
    expect(sampling({ stop: ['', 'end'] })).toEqual({ stopTexts: ['end'] })
  })

  // Catches a value out of range that reaches the sampler, or whose error does not say where it is.
  test.each([
    [{ temperature: 2.1 }, 'temperature'],
    [{ top_p: -0.1 }, 'top_p'],
    [{ top_k: 1.5 }, 'top_k'],
    [{ frequency_penalty: 3 }, 'frequency_penalty'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ n: 0 }, 'n'],
    [{ logit_bias: { a: 1 } }, 'logit_bias.a'],
    [{ logit_bias: { 1: 101 } }, 'logit_bias.1'],
    [{ top_logprobs: 2 }, 'top_logprobs'],
    [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    [{ response_format: { type: 'xml' } }, 'response_format.type'],
    [{ tool_choice: 'required' }, 'tool_choice'],
    [{ tools: [{ type: 'web_search' }] }, 'tools.0.type'],
    [{ ttl: 0 }, 'ttl'],
    [{ stream: 'yes' }, 'stream'],
  ])('%j are refused', (fields, place) => {
    expect(faultOf(fields)).toBe(place)
  })

  // Catches `n` answers that are all the same because they share a seed.
  test('n answers have seeds that follow one another', () => {
    expect(read({ n: 3, seed: 4_294_967_294 }).requests.map((one) => one.sampling.seed)).toEqual([4_294_967_294, 0, 1])
    expect(read({ n: 2 }).requests.map((one) => one.sampling.seed)).toEqual([undefined, undefined])
  })

  // Catches an answer format that is dropped, so that a client's JSON.parse fails now and then.
  test('the format of the answer is one of four', () => {
    const format = (fields: object) => read(fields).requests[0]!.sampling.answerFormat
    const schema = { type: 'object', properties: { a: { enum: ['x', null] } } }
    expect(format({ response_format: { type: 'text' } })).toEqual({ type: 'text' })
    expect(format({ response_format: { type: 'json_object' } })).toEqual({ type: 'json' })
    const asSchema = { type: 'json-schema', schema: JSON.stringify(schema) }
    const json_schema = { name: 'n', strict: true, schema }
    expect(format({ response_format: { type: 'json_schema', json_schema } })).toEqual(asSchema)
    expect(format({ response_format: { type: 'json_object', schema } })).toEqual(asSchema)
    expect(format({ grammar: 'root ::= "a"' })).toEqual({ type: 'grammar', source: 'root ::= "a"' })
  })
})

describe('tools', () => {
  const f = { name: 'f', description: '', parameters: {} }
  const g = { name: 'g', description: 'G', parameters: { type: 'object' } }
  const tools = [
    { type: 'function', function: { name: 'f' } },
    { type: 'function', function: g },
  ]
  const choiceOf = (fields: object) => {
    const { requests, form } = read(fields)
    const { prompt } = requests[0]!
    if (prompt.type !== 'chat') throw new Error('not a chat')
    return { tools: prompt.tools, toolChoice: prompt.toolChoice, ...form }
  }

  // Catches a form of `tool_choice` that falls back to `auto` without a word.
  test('are offered and chosen in all forms', () => {
    expect(choiceOf({ tools })).toMatchObject({ tools: [f, g], toolChoice: { type: 'auto' }, oneCall: false })
    expect(choiceOf({ tools, tool_choice: 'required', parallel_tool_calls: false })).toMatchObject({
      toolChoice: { type: 'required' },
      oneCall: true,
    })
    expect(choiceOf({ tools, tool_choice: { type: 'function', function: { name: 'g' } } })).toMatchObject({
      toolChoice: { type: 'tool', name: 'g' },
    })
    const allowed_tools = { mode: 'required', tools: [{ type: 'function', function: { name: 'g' } }] }
    expect(choiceOf({ tools, tool_choice: { type: 'allowed_tools', allowed_tools } })).toMatchObject({
      tools: [g],
      toolChoice: { type: 'required' },
    })
    expect(choiceOf({ functions: [{ name: 'f' }], function_call: { name: 'f' } })).toMatchObject({
      tools: [f],
      toolChoice: { type: 'tool', name: 'f' },
      usesFunctions: true,
      oneCall: true,
    })
    expect(choiceOf({ tool_choice: 'none' })).toMatchObject({ tools: [], toolChoice: { type: 'none' } })
    expect(faultOf({ tools, tool_choice: { type: 'function', function: { name: 'h' } } })).toBe('tool_choice')
  })
})
