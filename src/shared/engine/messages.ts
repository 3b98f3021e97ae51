/**
 * What core and an engine process say to each other. Plain values that structured cloning carries;
 * not parsed, because both ends are our own code. Every request has an id and gets exactly one
 * `result` or `failure` with that id; events in between carry it too.
 */
import type { StopReason } from '../contract/chats.ts'
import type { Failure } from '../contract/errors.ts'
import type { Runtime } from '../contract/models.ts'
import type { Settings } from '../contract/settings.ts'
import type { Sampling } from '../lib/sampling.ts'

export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  text: string
}

export interface LoadRequest {
  path: string
  gpu: Settings['gpu']
  threads: number
  /** null = the training context, cut to what fits in memory and to 8192 tokens. */
  contextSize: number | null
  /** Load even if the estimate says it does not fit. */
  force: boolean
}

export interface GenerateRequest {
  /** System message (if any) first, then the path to the person's last message. */
  messages: PromptMessage[]
  sampling: Sampling
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
}

/** What one look at a GGUF file tells. */
export interface InspectResult {
  name: string
  architecture: string
  parameterCount: number
  quantization: string
  trainContextSize: number
  hasChatTemplate: boolean
}

/** Requests by name: what goes in, what comes back. */
export interface EngineCalls {
  inspect: { input: { path: string }; output: InspectResult }
  load: { input: LoadRequest; output: Runtime }
  generate: { input: GenerateRequest; output: GenerateResult }
  countPrompt: { input: { messages: PromptMessage[] }; output: { promptTokens: number; contextSize: number } }
  measureThreads: { input: { threadCounts: number[] }; output: { threads: number; tokensPerSecond: number }[] }
}
export type EngineCallName = keyof EngineCalls

export type EngineRequest =
  | { [N in EngineCallName]: { type: 'call'; id: number; name: N; input: EngineCalls[N]['input'] } }[EngineCallName]
  /** Ends the `generate` with that id early: it resolves with what it has (`stopped`). Nothing else can be stopped but by ending the process. */
  | { type: 'stop'; id: number }

export type EngineEvent =
  /** The process is up and takes calls. */
  | { type: 'started' }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'failure'; id: number; failure: Failure }
  /** 0 to 1. */
  | { type: 'load-progress'; id: number; fraction: number }
  | { type: 'prompt-progress'; id: number; readTokens: number; totalTokens: number }
  /** Merged pieces of the answer, whole characters only. */
  | { type: 'text'; id: number; text: string }
  | { type: 'log'; level: 'error' | 'warn' | 'info'; text: string }
