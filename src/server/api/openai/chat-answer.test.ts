import { expect, test } from 'vitest'
import type { InferenceEvent } from '../../../shared/contract/inference.ts'
import { ClientGone } from '../api-env.ts'
import { chatChunks, chatCompletion } from './chat-answer.ts'
import type { ChatForm } from './chat-request.ts'
import { allOf, answersOf, ended, head, started, text } from './openai.fixture.ts'

const plain: ChatForm = { showsLogprobs: false, usesFunctions: false, oneCall: false }
const reading = { type: 'reading' as const, readTokens: 1, totalTokens: 2 }
const call = { type: 'tool-call' as const, index: 0, id: 'c1', name: 'f' }
const callArguments = { type: 'tool-arguments' as const, index: 0, text: '{"x":' }
const second = { type: 'tool-call' as const, index: 1, id: 'c2', name: 'g' }

interface Chunk {
  choices: { index: number; delta: object; finish_reason: string | null }[]
  usage?: unknown
}

function chunksOf(events: [number, InferenceEvent][], form = plain, includesUsage = false) {
  return allOf(chatChunks(answersOf(...events), head, form, includesUsage)) as Promise<Chunk[]>
}

// Catches a stream that says 200 before the model is loaded, so that a failed load cannot have its own status.
test('the first chunk comes when the model begins to read, and has the role', async () => {
  const chunks = await chunksOf([[0, { type: 'loading', fraction: 0 }], [0, started], [0, reading], [0, ended()]])
  expect(chunks.length).toBe(2)
  expect(chunks[0]).toMatchObject({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'demo',
    choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
  })
})

// Catches deltas of one answer that land in another, and a usage that counts the prompt once an answer.
test('answers side by side keep their indexes; the usage comes last, alone', async () => {
  const chunks = await chunksOf(
    [[0, started], [1, started], [1, text('b')], [0, text('a')], [1, ended('length')], [0, ended()]],
    plain,
    true,
  )
  const choices = chunks.slice(0, -1).map(({ choices: [choice] }) => choice!)
  expect(choices.map(({ index, delta, finish_reason }) => [index, delta, finish_reason])).toEqual([
    [1, { role: 'assistant', content: '' }, null],
    [1, { content: 'b' }, null],
    [0, { role: 'assistant', content: '' }, null],
    [0, { content: 'a' }, null],
    [1, {}, 'length'],
    [0, {}, 'stop'],
  ])
  expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true)
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 6,
      total_tokens: 16,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    },
  })
})

// Catches calls whose pieces a client cannot put together: an id that comes twice, or a lost index.
test('a call begins with its id and name and goes on in pieces of its arguments', async () => {
  const events = [started, call, callArguments, second, ended('tool-calls')]
  const choicesOf = async (form: ChatForm) => {
    const chunks = await chunksOf(events.map((event) => [0, event]), form)
    return chunks.slice(1).flatMap(({ choices }) => choices)
  }
  const { name } = call
  expect(await choicesOf(plain)).toMatchObject([
    { delta: { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name, arguments: '' } }] } },
    { delta: { tool_calls: [{ index: 0, function: { arguments: '{"x":' } }] } },
    { delta: { tool_calls: [{ index: 1, id: 'c2' }] } },
    { delta: {}, finish_reason: 'tool_calls' },
  ])
  expect(await choicesOf({ ...plain, usesFunctions: true, oneCall: true })).toMatchObject([
    { delta: { function_call: { name: 'f', arguments: '' } } },
    { delta: { function_call: { arguments: '{"x":' } } },
    { delta: {}, finish_reason: 'function_call' },
  ])
})

// Catches a whole answer that differs from the sum of its stream, and times by names nobody reads.
test('a whole answer has text, reasoning, calls, probabilities, usage and timings', async () => {
  const likeliest = { text: '好', bytes: [229, 165, 189], logprob: -0.5 }
  const token = { ...likeliest, top: [likeliest] }
  const answers = answersOf(
    [0, started],
    [0, { type: 'reasoning', text: 'hm' }],
    [0, { type: 'text', text: '好', tokens: [token] }],
    [0, call],
    [0, callArguments],
    [0, { ...callArguments, text: '1}' }],
    [0, ended('tool-calls')],
  )
  expect(await chatCompletion(answers, head, { ...plain, showsLogprobs: true }, 1)).toMatchObject({
    object: 'chat.completion',
    model: 'demo',
    choices: [
      {
        message: {
          role: 'assistant',
          content: '好',
          reasoning_content: 'hm',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
        },
        logprobs: { content: [{ token: '好', logprob: -0.5, bytes: likeliest.bytes, top_logprobs: [{ token: '好' }] }] },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 3 },
    timings: { prompt_n: 6, prompt_per_second: 1000, cache_n: 4, predicted_n: 3, predicted_per_second: 500 },
  })
  const onlyCall = answersOf([0, started], [0, call], [0, ended('tool-calls')])
  expect(await chatCompletion(onlyCall, head, plain, 1)).toMatchObject({ choices: [{ message: { content: null } }] })
})

// Catches half an answer that is given out as a whole one when its client has left.
test('an answer that was stopped is none', async () => {
  await expect(chatCompletion(answersOf([0, started], [0, text('half')]), head, plain, 1)).rejects.toThrow(ClientGone)
})
