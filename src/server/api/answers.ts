/** Several answers to one HTTP request, made side by side. */
import type { Inference, InferenceClient } from '../../core/inference/inference.ts'
import type { InferenceEvent, InferenceRequest } from '../../shared/contract/inference.ts'

/** `index` counts the requests of `answerAll`. */
export interface AnswerEvent {
  index: number
  event: InferenceEvent
}

/** Of one HTTP request; the rest follow, so that a long list of prompts does not fill the queue. */
const answersAtOnce = 8

/**
 * The events of all answers as they come. Throws what the first to fail throws, and stops the others. When `signal`
 * aborts it ends early, as `Inference.generate` does.
 */
export async function* answerAll(
  inference: Inference,
  requests: readonly InferenceRequest[],
  client: InferenceClient,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, void, void> {
  const left = new AbortController()
  const stop = AbortSignal.any([signal, left.signal])
  const running = new Map<number, Promise<{ index: number; result: IteratorResult<InferenceEvent, void> }>>()
  const answers: AsyncGenerator<InferenceEvent, void, void>[] = []
  const goOn = (index: number) => {
    const next = answers[index]!.next().then((result) => ({ index, result }))
    // It is looked at when its turn comes, or never, if the client has left.
    next.catch(() => {})
    running.set(index, next)
  }
  const startNext = () => {
    const request = requests[answers.length]
    if (request && !stop.aborted) goOn(answers.push(inference.generate(request, client, stop)) - 1)
  }

  for (let count = 0; count < answersAtOnce; count++) startNext()
  try {
    while (running.size > 0) {
      const { index, result } = await Promise.race(running.values())
      if (result.done) {
        running.delete(index)
        startNext()
      } else {
        goOn(index)
        yield { index, event: result.value }
      }
    }
  } finally {
    left.abort()
    // Those that wait to be read on do not see the signal.
    await Promise.allSettled(answers.map((answer) => answer.return()))
  }
}

/** What comes before the model works on an answer: what fails until then can still have an HTTP status of its own. */
const preparing: InferenceEvent['type'][] = ['waiting', 'loading', 'start']

export function isPreparing({ type }: InferenceEvent): boolean {
  return preparing.includes(type)
}
