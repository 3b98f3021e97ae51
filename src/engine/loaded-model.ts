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

/** What ends an answer besides the model's own end tokens. */
export interface Ends {
  /** It ends before any of these. */
  texts: readonly string[]
  /** Control tokens have no text. */
  tokens: ReadonlySet<Token>
}

/** A part of the KV cache for one answer at a time, and the tokens of the prompt and answer it holds. */
export interface Slot {
  sequence: LlamaContextSequence
  prompts: PromptTokenizer
  /** Proposes tokens; null = no drafting. */
  draft: SlotDraft | null
}
