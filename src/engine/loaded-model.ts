/** What the engine process keeps of the model it has loaded. */
import type { LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp'
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
  /** Its stop texts are the family's and those of the load settings. */
  template: ChatTemplate
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
