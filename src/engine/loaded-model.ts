/** What the engine process keeps of the model it has loaded. */
import type { LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp'
import type { Draft } from '../shared/contract/load-settings.ts'
import type { ChatTemplate } from '../shared/lib/chat-templates.ts'
import type { Ends } from './answer-ends.ts'
import type { SlotDraft } from './draft.ts'
import type { SlotGuidance } from './guidance.ts'
import type { PromptPace } from './prompt-pace.ts'
import type { PromptTokenizer } from './prompt-tokens.ts'
import type { TokenBytes } from './token-bytes.ts'

export interface LoadedModel {
  model: LlamaModel
  context: LlamaContext
  /** As many answers as there are slots can be made at the same time; the library reads their tokens in one batch. */
  slots: readonly Slot[]
  template: ChatTemplate
  /** Of an answer: those of the template and of the load settings. */
  answerEnds: Ends
  /** Of a text that is continued: those of the load settings. */
  completionEnds: Ends
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
  /** Proposes tokens; null = no drafting. */
  draft: SlotDraft | null
  guidance: SlotGuidance
}
