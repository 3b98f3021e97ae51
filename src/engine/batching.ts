/**
 * Puts the tokens of all answers that are being made into one batch. The library begins its next batch as soon as
 * one answer has asked for it, so the answer whose token is drawn last always misses it: two answers take turns
 * instead of sharing, and while several are made, whoever wants to change the cache never gets to it. Here a decode
 * waits until the batch under way is over and all who were part of it could ask for their next; of prompts that are
 * read meanwhile, as much joins as one piece of a prompt is long, so that the answers go on.
 *
 * The public options of a context do not reach this, so one internal method of node-llama-cpp 3.22.1 is replaced:
 * `LlamaContext._decodeTokens`, which all decodes of a context go through. batching.test.ts notices when it is gone.
 */
import { setImmediate as nextCycle } from 'node:timers/promises'
import type { LlamaContext, Token } from 'node-llama-cpp'
import type { PromptPace } from './prompt-pace.ts'

/** `logits` is empty where a prompt is read without an answer to it. */
interface Decode {
  sequenceId: number
  tokens: readonly Token[]
  logits: readonly boolean[]
}

interface Internals {
  _decodeTokens: (decode: Decode, ...rest: unknown[]) => Promise<unknown>
}

interface Waiting {
  decode: Decode
  begin: () => Promise<void>
}

/** `pace` learns from every batch that is as large as a piece of a prompt. */
export function shareBatches(context: LlamaContext, pace: PromptPace): void {
  const internals = context as unknown as Internals
  const decodeTokens = internals._decodeTokens.bind(context)
  let waiting: Waiting[] = []
  let isRunning = false

  internals._decodeTokens = (decode, ...rest) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    waiting.push({ decode, begin: () => decodeTokens(decode, ...rest).then(resolve, reject) })
    if (!isRunning) void run()
    return promise
  }

  async function run(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const batch = nextBatch(waiting, pace.pieceLength)
      waiting = waiting.filter((decode) => !batch.includes(decode))
      const startedAt = performance.now()
      const begun = batch.map(({ begin }) => begin())
      context.dispatchPendingBatch()
      await Promise.all(begun)
      const tokens = batch.reduce((sum, { decode }) => sum + decode.tokens.length, 0)
      const isReading = batch.some(({ decode }) => decode.logits.length === 0)
      if (isReading && tokens >= pace.pieceLength) pace.measured(tokens, performance.now() - startedAt)
      await nextCycle()
    }
    isRunning = false
  }
}

/**
 * All single tokens, and of longer pieces the one that waits longest with what else there is room for beside it. In
 * the order of their sequences: llama.cpp computes only neighbours that follow each other in one go
 * (llama_batch_allocr::split_equal), the others one by one.
 */
function nextBatch(waiting: readonly Waiting[], pieceLength: number): Waiting[] {
  let pieceTokens = 0
  const batch = waiting.filter(({ decode: { tokens } }) => {
    if (tokens.length === 1) return true
    if (pieceTokens > 0 && pieceTokens + tokens.length > pieceLength) return false
    pieceTokens += tokens.length
    return true
  })
  return batch.sort((a, b) => a.decode.sequenceId - b.decode.sequenceId)
}
