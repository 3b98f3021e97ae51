/** What a request adds to the scores of tokens. */
import type { LlamaModel, Token, TokenBias } from 'node-llama-cpp'
import { AppFailure } from '../shared/lib/app-failure.ts'

export interface LogitBias {
  byToken: ReadonlyMap<Token, number>
  /** The same for the library's samplers. */
  tokenBias: TokenBias
}

/**
 * So much for a token that is forbidden. Not −∞: where a grammar allows nothing but forbidden tokens, one of
 * them is drawn, and no probability is the quotient of two infinities.
 */
const forbidden = -1e9

/** null for none. Throws REQUEST_INVALID for a number that no token has. */
export async function openLogitBias(
  model: LlamaModel,
  biases: Readonly<Record<string, number>> = {},
): Promise<LogitBias | null> {
  const size = model.fileInfo.metadata.tokenizer.ggml.tokens.length
  const byToken = new Map<Token, number>()
  for (const [number, bias] of Object.entries(biases)) {
    const token = Number(number)
    if (!Number.isInteger(token) || token < 0 || token >= size) {
      const detail = `${number} is not a token of the model; they are numbered from 0 to ${size - 1}`
      throw new AppFailure('REQUEST_INVALID', { field: 'logit_bias', detail })
    }
    byToken.set(token as Token, bias <= -100 ? forbidden : bias)
  }
  if (byToken.size === 0) return null
  const { TokenBias } = await import('node-llama-cpp')
  const tokenBias = TokenBias.for(model)
  // Its `set` passes over end tokens, and OpenAI's own example forbids one.
  const { _biases } = tokenBias as unknown as { _biases: Map<Token, number> }
  for (const [token, bias] of byToken) _biases.set(token, bias)
  return { byToken, tokenBias }
}
