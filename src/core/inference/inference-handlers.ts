import { ORPCError } from '@orpc/server'
import type { InferenceEvent } from '../../shared/contract/inference.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { Procedures } from '../procedures.ts'
import type { InferenceClient, Inference } from './inference.ts'

/** `yangtuo run` and windows. */
const client: InferenceClient = { protocol: null, endpoint: '', name: '', party: 'contract' }

export function inferenceHandlers({ inference: procedures }: Procedures, inference: Inference) {
  return {
    models: procedures.models.handler(() => inference.models()),
    generate: procedures.generate.handler(({ input, signal }) =>
      withContractErrors(inference.generate(input, client, orNever(signal))),
    ),
    embed: procedures.embed.handler(async ({ input, signal }) => {
      const { vectors, ...embedded } = await inference.embed(input, client, orNever(signal))
      return { ...embedded, vectors: vectors.map((vector) => [...vector]) }
    }),
    countTokens: procedures.countTokens.handler(({ input, signal }) =>
      inference.countTokens(input, client, orNever(signal)),
    ),
  }
}

/** What fails in the middle of a stream does not come by the procedures' own handling of errors. */
async function* withContractErrors(events: AsyncGenerator<InferenceEvent, void, void>) {
  try {
    yield* events
  } catch (error) {
    throw error instanceof AppFailure ? new ORPCError(error.code, { data: error.data }) : error
  }
}

function orNever(signal: AbortSignal | undefined): AbortSignal {
  return signal ?? new AbortController().signal
}
