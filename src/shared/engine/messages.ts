/**
 * What core and an engine process say to each other. Plain values that structured cloning carries;
 * not parsed, because both ends are our own code. Every request has an id and gets exactly one
 * `result` or `failure` with that id; events in between carry it too.
 */
import type { StopReason } from '../contract/chats.ts'
import type { Failure } from '../contract/errors.ts'
import type { Fit } from '../contract/fit.ts'
import type { Draft, LoadSettings, TemplateChoice } from '../contract/load-settings.ts'
import type { TokenLogprob, Tool } from '../contract/inference.ts'
import type { ModelDetails, Runtime } from '../contract/models.ts'
import type { Settings } from '../contract/settings.ts'
import type { GgufHeader } from '../lib/gguf-header.ts'
import type { AnswerFormat, Sampling } from '../lib/sampling.ts'

export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  text: string
  /** Characters (UTF-16 units) at the head of `text` that come from attachments. */
  attachedLength?: number
}

/** The load settings with models named by their paths. */
export type EngineLoadSettings = Omit<LoadSettings, 'adapters' | 'draft'> & {
  adapters: { path: string; scale: number }[]
  draft: Exclude<Draft, { type: 'model' }> | (Omit<Extract<Draft, { type: 'model' }>, 'modelId'> & { path: string })
}

export interface LoadRequest {
  path: string
  gpu: Settings['gpu']
  /** When the settings leave the choice to the app. */
  automaticThreads: number
  /** Where the settings leave it to the app: so many slots, or half or a quarter of them if more do not fit. */
  automaticSlots: number
  settings: EngineLoadSettings
  /** Load even if the estimate says it does not fit. */
  force: boolean
}

export interface GenerateRequest {
  /**
   * `messages`: the system message (if any) first, then the path to the person's last message; put
   * to the model by its template. With `answerStart` the answer goes on from that text, which is not sent
   * again as `text` events. `text`: continued as it stands; with a `suffix`, what belongs in between
   * (INFILL_UNSUPPORTED where the model was not trained for it). `isRendered`: a program has put it into the
   * model's form, and the texts of control tokens in it are control tokens.
   */
  prompt: { messages: PromptMessage[]; answerStart?: string } | { text: string; suffix?: string; isRendered?: boolean }
  sampling: Sampling
  /** Added to the scores of tokens before anything else, by their number; -100 and below forbids. */
  logitBias?: Record<number, number>
  /** `token` events: each token's probability, and that many of the likeliest. */
  topLogprobs?: number
  /** `promptText` in the result, and before that a `prompt-text` event. */
  returnsPrompt?: boolean
  /**
   * The answer calls these tools: it goes on from `answerStart`, which ends with `<tool_call>` and a line break, with
   * such blocks and nothing else. With a `sampling.answerFormat`, it begins: in that format, or with `<tool_call>`.
   */
  toolCalls?: Pick<Tool, 'name' | 'parameters'>[]
}

/** Where the KV state of a chat is kept between engine processes. */
export interface StatePlace {
  chatId: string
  path: string
  /** Of the model and all that a state of it depends on; a file with any of them fits, a new one gets the first. */
  keys: string[]
  /** Whether there is a file. The engine deletes it if it is damaged. */
  isSaved: boolean
  /** A state that would take more is not saved. */
  maxBytes: number
}

/** A state that was saved. */
export type SavedState = Pick<StatePlace, 'chatId' | 'path'> & { key: string; tokens: number; sizeBytes: number }

/** Consecutive tokens of a prompt that come from the same place. */
export interface PromptSegment {
  /** In the request's `messages`; their number = `answerStart`; null = BOS and what the template writes. 0 for a `text`. */
  messageIndex: number | null
  /** They come from the message's attachments. A token that belongs to both counts where it begins. */
  isAttached: boolean
  tokenCount: number
}

export interface CountedPrompt {
  promptTokens: number
  contextSize: number
  /** Of the prompt's tokens, those at its head that a slot's KV cache holds: of the slot that an answer would get. */
  cachedTokens: number
  /** In the order of the prompt; their counts add up to `promptTokens`. */
  segments: PromptSegment[]
}

export interface GenerateResult {
  stopReason: StopReason
  promptTokens: number
  cachedTokens: number
  /** The end token is not counted. */
  answerTokens: number
  /** Reading the prompt, from the start of the request in the engine. */
  promptMs: number
  /** From the first to the last token of the answer, so the time of one token fewer than it has. */
  answerMs: number
  /** The seed really used. */
  seed: number
  /** The stop text that ended it; null = something else did. */
  stopText: string | null
  /** The prompt as it was read, with its control tokens; only if it was asked for. */
  promptText?: string
  /** Of a draft model or lookup; null without. `isPaused`: it was found to be slower and is off until the next load. */
  draft: {
    acceptedTokens: number
    rejectedTokens: number
    plainTokensPerSecond: number | null
    isPaused: boolean
  } | null
}

/** What one look at a GGUF file tells. */
export interface InspectResult {
  type: 'model' | 'adapter'
  name: string
  architecture: string
  parameterCount: number
  quantization: string
  trainContextSize: number
  hasChatTemplate: boolean
  vocabularySize: number
  /** Of the bytes of the list of tokens; empty without one. */
  vocabularyHash: string
  /** All parts, the first one first; their sizes together. */
  paths: string[]
  sizeBytes: number
  /** What the doctor looks at. */
  chat: {
    template: string | null
    /** `llama` = SentencePiece, `gpt2` = BPE, … */
    tokenizer: string
    /** `tokenizer.ggml.pre`; null where the file says none. */
    preTokenizer: string | null
    bosText: string | null
    eosText: string | null
    /** Whether a BOS is put before a prompt: what the file says, null where it says nothing. */
    addsBos: boolean | null
    /** Texts of the tokens that end a turn: EOS, EOT and what llama.cpp takes for one by its text. */
    endTexts: string[]
    /** Of the texts that families mark their turns with, those that are tokens here: `<|eot_id|>`, `<|im_start|>`, … */
    markerTexts: string[]
    /** `general.basename`, `general.finetune`, `general.base_model.0.name`: names that tell a family. */
    names: string[]
  } | null
}

/** What the estimate is made for: a file here, or one that is not here. */
export type EstimateTarget =
  | { path: string }
  /** `weightsBytes`: of the file where the header only lends its shapes (another quantization); null = its tensors together. */
  | { header: GgufHeader; weightsBytes: number | null }

export interface EstimateRequest {
  target: EstimateTarget
  gpu: Settings['gpu']
  /** As in LoadRequest. */
  automaticSlots: number
  settings: EngineLoadSettings
}

/** In bytes; what core adds to make a `Fit` of it is left out. */
export type EstimateResult = Pick<
  Fit,
  | 'weightsBytes'
  | 'kvCacheBytes'
  | 'buffersBytes'
  | 'draftBytes'
  | 'adaptersBytes'
  | 'gpuBytes'
  | 'contextSize'
  | 'slots'
  | 'gpuLayers'
  | 'totalLayers'
>

/** Requests by name: what goes in, what comes back. */
export interface EngineCalls {
  /** Several files may be inspected at once by one process; each is bounded in time by the caller. */
  inspect: { input: { path: string }; output: InspectResult }
  /** Every key and every type of tensor, for people to read. */
  details: { input: { path: string }; output: ModelDetails }
  /** Needs no loaded model. */
  machine: {
    input: { gpu: Settings['gpu'] }
    output: { ramBytes: number; freeRamBytes: number; gpuBytes: number; freeGpuBytes: number; gpuNames: string[] }
  }
  /** Needs no loaded model. Rejects like `inspect` where the file cannot be read. */
  estimate: { input: EstimateRequest; output: EstimateResult }
  /** Copies memory for about half a second. */
  measureMemory: { input: Record<string, never>; output: { bytesPerSecond: number } }
  /** Puts a short conversation through a template, without loading the weights. */
  previewTemplate: { input: { path: string; template: TemplateChoice }; output: { template: string; prompt: string } }
  load: { input: LoadRequest; output: Runtime }
  /** `statePlace`: of the chat that is answered, if its state is kept. */
  generate: { input: GenerateRequest & { statePlace?: StatePlace }; output: GenerateResult }
  /** To be called before the process is ended: `state-saved` events come before the result. */
  saveStates: { input: Record<string, never>; output: void }
  countPrompt: { input: { prompt: GenerateRequest['prompt'] }; output: CountedPrompt }
  /** Each token as it reads; bytes of an unfinished character as `\xE7`. */
  inspectPrompt: {
    input: { prompt: GenerateRequest['prompt'] }
    output: CountedPrompt & { tokens: { id: number; text: string; isControl: boolean }[] }
  }
  /** Of a text alone, in the middle of a prompt. */
  countText: { input: { text: string }; output: number }
  /**
   * The mean of the last hidden states over each text's tokens, of length 1; `tokenCount`: of all texts. Beside
   * running answers. Stopped, it gives the vectors of the first texts. Rejects with PROMPT_TOO_LONG and NOT_ENOUGH_MEMORY.
   */
  embed: { input: { texts: string[] }; output: { vectors: Float32Array[]; tokenCount: number } }
  /** See `generation.answerTokens`; `choiceCount` likeliest tokens at each place. Stopped, it gives the head of the answer. */
  answerTokens: {
    input: { prompt: GenerateRequest['prompt']; answer: string; choiceCount: number }
    output: { text: string; probability: number; choices: { text: string; probability: number }[] }[]
  }
  /** Whether answers can be made in a format; needs no loaded model. Rejects with GRAMMAR_INVALID, as `generate` would. */
  checkFormat: { input: { format: AnswerFormat }; output: void }
  measureThreads: { input: { threadCounts: number[] }; output: { threads: number; tokensPerSecond: number }[] }
}
export type EngineCallName = keyof EngineCalls

export type EngineRequest =
  | { [N in EngineCallName]: { type: 'call'; id: number; name: N; input: EngineCalls[N]['input'] } }[EngineCallName]
  /** Ends the `generate` (`stopped`), `answerTokens` or `embed` with that id early: it resolves with what it has. Nothing else can be stopped but by ending the process. */
  | { type: 'stop'; id: number }

export type EngineEvent =
  /** The process is up and takes calls. */
  | { type: 'started' }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'failure'; id: number; failure: Failure }
  /** 0 to 1. */
  | { type: 'load-progress'; id: number; fraction: number }
  | { type: 'prompt-progress'; id: number; readTokens: number; totalTokens: number }
  /** The prompt as it will be read, before that; only if it was asked for. */
  | { type: 'prompt-text'; id: number; text: string }
  /** Merged pieces of the answer, whole characters only. `answerTokens`: of the answer so far. */
  | { type: 'text'; id: number; text: string; answerTokens: number }
  /** Before the `text` it is part of; only if probabilities were asked for. */
  | { type: 'token'; id: number; token: TokenLogprob }
  | { type: 'state-saved'; state: SavedState }
  | { type: 'log'; level: 'error' | 'warn' | 'info'; text: string }
