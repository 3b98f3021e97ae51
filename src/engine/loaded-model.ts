/** What the engine process keeps of the model it has loaded. */
import type { LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import type { Draft } from '../shared/contract/load-settings.ts'
import type { ChatTemplate } from '../shared/lib/chat-templates.ts'
import type { SlotDraft } from './draft.ts'
import type { PromptPace } from './prompt-pace.ts'
import type { PromptTokenizer } from './prompt-tokens.ts'
import type { TokenBytes } from './token-bytes.ts'

export interface LoadedModel {
  model: LlamaModel
  context: LlamaContext
  /** As many answers as there are slots can be made at the same time; the library reads their tokens in one batch. */
  slots: readonly Slot[]
  template: ChatTemplate
  /** The answer ends before any of these: the template's and those of the load settings. */
  stopTexts: readonly string[]
  /** Those of them that are control tokens, which have no text; they end an answer besides the model's own. */
  endTokens: ReadonlySet<Token>
  /** SentencePiece: see `AnswerText`. */
  beginsWithSpace: boolean
  tokenBytes: TokenBytes
  pace: PromptPace
  draft: Draft['type']
}

/** A part of the KV cache for one answer at a time, and the tokens of the prompt and answer it holds. */
export interface Slot {
  sequence: LlamaContextSequence
  prompts: PromptTokenizer
  /** Proposes tokens; it is also the sequence's predictor. null = no drafting. */
  draft: SlotDraft | null
}
