/**
 * Prompts for a text between two others, in the order that all models which were trained for it know: what is
 * before, what is behind, and then the model writes the middle. Source: CodeLlama, `encode_infilling` in
 * llama/generation.py; llama.cpp, `format_prompt_infill` in tools/server.
 */
import type { LlamaModel, Token } from 'node-llama-cpp'
import { AppFailure } from '../shared/lib/app-failure.ts'

export interface InfillPart {
  tokens: readonly Token[]
  /** Whether the tokens are of one of the two texts. */
  isText: boolean
}

/** `tokensOf`: of a text that follows another one, or not. Throws INFILL_UNSUPPORTED. */
export function infillParts(
  model: LlamaModel,
  { text, suffix }: { text: string; suffix: string },
  tokensOf: (text: string, followsText: boolean) => Token[],
): InfillPart[] {
  const { before, behind, middle } = infillTokens(model)
  const { bos, shouldPrependBosToken } = model.tokens
  return [
    { tokens: bos !== null && shouldPrependBosToken ? [bos, before] : [before], isText: false },
    { tokens: tokensOf(text, false), isText: true },
    { tokens: [behind], isText: false },
    // A text that goes on behind the gap begins with no space of SentencePiece's.
    { tokens: tokensOf(suffix, true), isText: true },
    { tokens: [middle], isText: false },
  ]
}

/** What the cache takes such a prompt for. Throws INFILL_UNSUPPORTED. */
export function infillText(model: LlamaModel, text: string, suffix: string): string {
  const { tokens } = model.fileInfo.metadata.tokenizer.ggml
  const { before, behind, middle } = infillTokens(model)
  return `${tokens[before]}${text}${tokens[behind]}${suffix}${tokens[middle]}`
}

function infillTokens(model: LlamaModel): Record<'before' | 'behind' | 'middle', Token> {
  const { prefix: before, suffix: behind, middle } = model.tokens.infill
  if (before === null || behind === null || middle === null) {
    throw new AppFailure('INFILL_UNSUPPORTED', { model: model.filename ?? '' })
  }
  return { before, behind, middle }
}
