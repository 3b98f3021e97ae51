import { expect, test } from 'vitest'
import type { InferenceEvent } from '../../../shared/contract/inference.ts'
import { completion, completionChunks } from './completion-answer.ts'
import { completionBody, readCompletionRequest } from './completion-request.ts'
import { allOf, answersOf, ended, head, started, text } from './openai.fixture.ts'

const read = (fields: object) => readCompletionRequest(completionBody.parse(fields))

// Catches prompts that are put through the chat template, or mixed up with the answers of others.
test('each prompt has its own answers, in order', async () => {
  const { requests, form } = read({ prompt: ['a', 'b'], n: 2, seed: 5, suffix: 'z', echo: true })
  expect(requests.map(({ prompt, sampling }) => [prompt, sampling.seed])).toEqual([
    [{ type: 'text', text: 'a', suffix: 'z' }, 5],
    [{ type: 'text', text: 'a', suffix: 'z' }, 6],
    [{ type: 'text', text: 'b', suffix: 'z' }, 5],
    [{ type: 'text', text: 'b', suffix: 'z' }, 6],
  ])
  const events = [3, 2, 1, 0].flatMap((index): [number, InferenceEvent][] => [
    [index, text(`-${index}`)],
    [index, ended()],
  ])
  const whole = await completion(answersOf([3, started], ...events), head, form)
  expect(whole).toMatchObject({
    object: 'text_completion',
    choices: [
      { index: 0, text: 'a-0', finish_reason: 'stop' },
      { index: 1, text: 'a-1' },
      { index: 2, text: 'b-2' },
      { index: 3, text: 'b-3' },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 12 },
  })
})

// Catches offsets of tokens that begin anew with each piece of a stream.
test('a stream echoes first, and counts the offsets of its tokens on', async () => {
  const token = (word: string) => {
    const likeliest = { text: word, bytes: [], logprob: -1 }
    return { ...likeliest, top: [likeliest] }
  }
  const { form } = read({ prompt: 'p', logprobs: 1 })
  const answers = answersOf(
    [0, started],
    [0, { type: 'text', text: 'ab', tokens: [token('a'), token('b')] }],
    [0, { type: 'text', text: 'c', tokens: [token('c')] }],
    [0, ended('length')],
  )
  const chunks = await allOf(completionChunks(answers, head, form, false))
  expect((chunks as { choices: object[] }[]).flatMap(({ choices }) => choices)).toEqual([
    { index: 0, text: '', logprobs: null, finish_reason: null },
    {
      index: 0,
      text: 'ab',
      logprobs: {
        tokens: ['a', 'b'],
        token_logprobs: [-1, -1],
        top_logprobs: [{ a: -1 }, { b: -1 }],
        text_offset: [0, 1],
      },
      finish_reason: null,
    },
    {
      index: 0,
      text: 'c',
      logprobs: { tokens: ['c'], token_logprobs: [-1], top_logprobs: [{ c: -1 }], text_offset: [2] },
      finish_reason: null,
    },
    { index: 0, text: '', logprobs: null, finish_reason: 'length' },
  ])
})

// Catches wishes that cannot be met and are met halfway without a word.
test('what cannot be done is refused', () => {
  expect(completionBody.safeParse({ prompt: [1, 2] }).error?.issues[0]?.path).toEqual(['prompt', 0])
  expect(completionBody.safeParse({}).success).toBe(false)
  expect(() => read({ prompt: 'a', best_of: 3 })).toThrow('best_of')
  expect(() => read({ prompt: 'a', echo: true, logprobs: 0 })).toThrow('logprobs')
  // What clients send that want none of it.
  const { requests } = read({ prompt: 'a', logprobs: false, best_of: 1, num_beams: 4, do_sample: true, user: null })
  expect(requests[0]!.topLogprobs).toBe(null)
})
