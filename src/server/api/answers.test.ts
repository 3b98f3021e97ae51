import { expect, test } from 'vitest'
import type { Inference, InferenceClient } from '../../core/inference/inference.ts'
import { inferenceRequestSchema, type InferenceEvent } from '../../shared/contract/inference.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { answerAll } from './answers.ts'
import { allOf } from './openai/openai.fixture.ts'

const client: InferenceClient = { protocol: 'openai', endpoint: '', name: '', party: '' }
const request = inferenceRequestSchema.parse({ prompt: { type: 'text', text: '' } })

/** Of an Inference only what answers: `answer`, which is told when it is to stop. */
function inferenceOf(answer: (signal: AbortSignal) => AsyncGenerator<InferenceEvent, void, void>) {
  const inference: Pick<Inference, 'generate'> = { generate: (_request, _client, signal) => answer(signal) }
  return inference as Inference
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
}

// Catches a list of a thousand prompts that takes every place of the queue at once.
test('a long list is answered a few at a time, and wholly', async () => {
  let running = 0
  let most = 0
  const inference = inferenceOf(async function* () {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    yield { type: 'waiting' }
    running--
  })
  const indexes: number[] = []
  const requests = Array.from({ length: 100 }, () => request)
  const answers = answerAll(inference, requests, client, new AbortController().signal)
  for await (const { index } of answers) indexes.push(index)
  expect(indexes.toSorted((a, b) => a - b)).toEqual([...requests.keys()])
  expect(most).toBe(8)
})

// Catches answers that go on being written for nobody after one of them has failed.
test('when one fails, the others are stopped', async () => {
  let stopped = 0
  let count = 0
  const inference = inferenceOf(async function* (signal) {
    if (++count === 3) throw new AppFailure('ENGINE_CRASHED', { model: 'm', reason: 'r' })
    try {
      yield { type: 'waiting' }
      await aborted(signal)
    } finally {
      stopped++
    }
  })
  const answers = answerAll(inference, [request, request, request], client, new AbortController().signal)
  await expect(allOf(answers)).rejects.toThrow('ENGINE_CRASHED')
  expect(stopped).toBe(2)
})

// Catches a process that ends by an unhandled rejection because nobody was there any more to read the failure.
test('a client that leaves ends it without a word', async () => {
  const leave = new AbortController()
  const inference = inferenceOf(async function* (signal) {
    yield { type: 'waiting' }
    await aborted(signal)
    throw new AppFailure('ENGINE_CRASHED', { model: 'm', reason: 'r' })
  })
  const answers = answerAll(inference, [request, request], client, leave.signal)
  await answers.next()
  leave.abort()
  await new Promise((resolve) => setTimeout(resolve, 10))
  await answers.return()
})
