/**
 * One answer: reads the prompt in pieces, writes token by token, and leaves the KV cache holding
 * the prompt and the answer, so that the next turn reads only what is new.
 *
 * `result` settles at once when the answer is stopped, even while a native call runs that nothing
 * can interrupt; `run` resolves when the engine is really free again. Nothing is emitted after
 * `result` has settled.
 */
import type { Token } from 'node-llama-cpp'
import type { StopReason } from '../shared/contract/chats.ts'
import type { TokenLogprob } from '../shared/contract/inference.ts'
import type { GenerateRequest, GenerateResult } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { endsOf, joinEnds, type Ends } from './answer-ends.ts'
import { isStuckGrammar, noTokenFits, openAnswerGrammar, openToolGrammar, type AnswerGrammar } from './answer-grammar.ts'
import { AnswerText } from './answer-text.ts'
import { AnswerDrafting } from './draft.ts'
import { negativePromptOf, type AnswerGuidance } from './guidance.ts'
import { GuidedSampler } from './guided-sampler.ts'
import type { LoadedModel, Slot } from './loaded-model.ts'
import { openLogitBias, type LogitBias } from './logit-bias.ts'
import { isInfill, type Prompt } from './prompt-tokens.ts'
import { hasRoom, readPrompt } from './read-prompt.ts'
import { canDraft, samplingOptions } from './sampling-options.ts'
import { describeToken, textOfTokens } from './token-text.ts'
import { evaluateWeighed, type WeighedToken } from './token-weights.ts'

/** DRY begins anew behind a token with one of these; the library's own choice. */
const drySequenceBreakers = ['\n', ':', '"', '*']

export interface AnswerEvents {
  onText: (text: string) => void
  onToken: (token: TokenLogprob) => void
  onPromptText: (text: string) => void
  onPromptProgress: (readTokens: number, totalTokens: number) => void
}

/** What an answer is made with besides its slot. */
interface Means {
  prompt: Prompt
  ends: Ends
  grammar: AnswerGrammar | null
  bias: LogitBias | null
  guidance: AnswerGuidance | null
}

export class AnswerRun {
  readonly result: Promise<GenerateResult>
  readonly #request: GenerateRequest
  readonly #events: AnswerEvents
  readonly #settle = Promise.withResolvers<GenerateResult>()
  readonly #startedAt = performance.now()
  readonly #seed: number
  /** The answer's tokens, with those it goes on from. */
  readonly #answer: Token[] = []
  #writtenTokens = 0
  #text: AnswerText | undefined
  #promptText: string | undefined
  /** Of the token that was drawn last. */
  #weighed: WeighedToken | null = null
  #drafting: AnswerDrafting | null = null
  #isSettled = false
  #promptTokens = 0
  #cachedTokens = 0
  #firstTokenAt = 0
  #lastTokenAt = 0

  constructor(request: GenerateRequest, events: AnswerEvents) {
    this.#request = request
    this.#events = events
    this.#seed = request.sampling.seed ?? Math.floor(Math.random() * (2 ** 32 - 1))
    this.result = this.#settle.promise
  }

  /** Settles `result` with what there is. No effect when it has settled. */
  stop(): void {
    this.#finish('stopped')
  }

  /** Never rejects: `result` does. */
  async run(loaded: LoadedModel, slot: Slot): Promise<void> {
    try {
      if (!this.#isSettled) await this.#make(loaded, slot)
    } catch (error) {
      this.#isSettled = true
      const isStuck = isStuckGrammar(error)
      this.#settle.reject(isStuck ? new AppFailure('GRAMMAR_INVALID', { detail: noTokenFits }) : error)
    }
  }

  async #make(loaded: LoadedModel, slot: Slot): Promise<void> {
    const { sequence, prompts } = slot
    const means = await this.#means(loaded, slot)
    const { prompt, guidance } = means
    // The last token is always read again: the first token of the answer is drawn from it.
    await sequence.adaptStateToTokens(prompt.tokens.slice(0, -1), false)
    this.#cachedTokens = sequence.nextTokenIndex
    const lastPiece = await this.#readPrompt(loaded, slot, means)
    if (this.#isSettled) return
    const unread = await this.#write(loaded, slot, means, lastPiece)
    const { text, isWhole } = this.#text!
    const newTokens = this.#answer.slice(this.#writtenTokens)
    const remembered: [string, Token[]] = isWhole ? [text, newTokens] : ['', []]
    prompts.remember(prompt, ...remembered)
    guidance?.remember(...remembered)
    if (unread !== null && hasRoom(sequence)) await sequence.evaluateWithoutGeneratingNewTokens([unread])
  }

  async #means(loaded: LoadedModel, slot: Slot): Promise<Means> {
    const { model, answerEnds, completionEnds, beginsWithSpace } = loaded
    const { prompts, sequence, guidance } = slot
    const { prompt: asked, sampling } = this.#request
    const bias = await openLogitBias(model, this.#request.logitBias)
    const prompt = prompts.tokenize(asked)
    if (this.#request.returnsPrompt) {
      this.#promptText = textOfTokens(loaded, prompt.tokens)
      if (!this.#isSettled) this.#events.onPromptText(this.#promptText)
    }
    const promptTokens = (this.#promptTokens = prompt.tokens.length)
    const { contextSize } = sequence
    if (promptTokens >= contextSize) throw new AppFailure('PROMPT_TOO_LONG', { promptTokens, contextSize })
    const answerStart = 'text' in asked ? asked.text : (asked.answerStart ?? '')
    if (!('text' in asked) && answerStart !== '') {
      const { length } = prompts.tokenize({ messages: asked.messages }).tokens
      for (const token of prompt.tokens.slice(length)) this.#answer.push(token)
      this.#writtenTokens = this.#answer.length
    }
    const stopEnds = endsOf(model, sampling.stopTexts)
    const ends = joinEnds('text' in asked ? completionEnds : answerEnds, stopEnds)
    this.#text = new AnswerText({
      stopTexts: ends.texts,
      // Where a text goes on, a space is a space.
      dropsFirstSpace: beginsWithSpace && answerStart === '' && !isInfill(asked),
      emit: (text) => {
        if (!this.#isSettled) this.#events.onText(text)
      },
    })
    const grammarSkipsSpace = beginsWithSpace && !('text' in asked && asked.text !== '') && !isInfill(asked)
    const grammar = this.#request.toolCalls
      ? await openToolGrammar(model, this.#request.toolCalls, sampling.answerFormat, grammarSkipsSpace)
      : await openAnswerGrammar(model, sampling.answerFormat, this.#answer, grammarSkipsSpace)
    const negativePrompt = negativePromptOf(asked, sampling)
    if (!negativePrompt) await guidance.close()
    const weighsAll = grammar !== null || bias !== null
    return {
      prompt,
      ends,
      grammar,
      bias,
      guidance: negativePrompt && (await guidance.begin(negativePrompt, sampling.guidanceScale, weighsAll)),
    }
  }

  /** Reads all but the last piece, which goes to the sampler. */
  async #readPrompt({ pace }: LoadedModel, slot: Slot, { prompt, guidance }: Means): Promise<Token[]> {
    const { sequence, draft } = slot
    const unread = prompt.tokens.slice(this.#cachedTokens)
    const second = guidance?.unreadTokens ?? 0
    const total = unread.length + second
    const report = (left: number) => this.#events.onPromptProgress(total - left, total)
    report(total)
    await guidance?.read(pace, (left) => {
      if (!this.#isSettled) report(unread.length + left)
      return !this.#isSettled
    })
    if (this.#isSettled) return []
    return readPrompt(sequence, unread, pace, async (left) => {
      if (draft && !draft.pay.isPaused) await draft.proposer.read(prompt.tokens.slice(0, sequence.nextTokenIndex))
      if (!this.#isSettled) report(left)
      return !this.#isSettled
    })
  }

  /** Returns the last token if the cache does not hold it yet. */
  async #write(loaded: LoadedModel, slot: Slot, means: Means, lastPiece: Token[]): Promise<Token | null> {
    const { model, tokenBytes } = loaded
    const { sequence } = slot
    const { ends, guidance } = means
    const { onToken } = this.#events
    const { maxTokens } = this.#request.sampling
    for await (const token of this.#tokens(loaded, slot, means, lastPiece)) {
      if (this.#isSettled) return null
      const now = performance.now()
      if (this.#firstTokenAt === 0) {
        this.#firstTokenAt = this.#lastTokenAt = now
        const read = this.#promptTokens - this.#cachedTokens
        this.#events.onPromptProgress(read, read)
      }
      const isEnd = model.isEogToken(token)
      if (isEnd || ends.tokens.has(token)) {
        this.#finish('end', isEnd ? null : ends.tokens.get(token))
        return token
      }
      this.#lastTokenAt = now
      this.#answer.push(token)
      const logprob = this.#weighed && this.#describe(loaded, this.#weighed)
      const onShown = logprob ? () => !this.#isSettled && onToken(logprob) : undefined
      const stopText = this.#text!.push(tokenBytes(token), onShown)
      if (stopText !== null) this.#finish('end', stopText)
      else if (this.answerTokens === maxTokens) this.#finish('max-tokens')
      else if (!hasRoom(sequence) || guidance?.hasRoom === false) this.#finish('context-full')
      if (this.#isSettled) return token
    }
    this.#finish('end')
    return null
  }

  #tokens(loaded: LoadedModel, slot: Slot, { prompt, grammar, bias, guidance }: Means, lastPiece: Token[]) {
    const { sequence, draft } = slot
    const { sampling, topLogprobs } = this.#request
    const seed = this.#seed
    const { contextSize } = sequence
    const onWeighed = (weighed: WeighedToken) => void (this.#weighed = weighed)
    if (guidance) {
      const isBreaker = (token: Token) => {
        const text = Buffer.from(loaded.tokenBytes(token)).toString()
        return drySequenceBreakers.some((breaker) => text.includes(breaker))
      }
      const limits = { grammar, bias: bias?.byToken ?? null }
      const sampler = new GuidedSampler({ sampling, seed, contextSize, isBreaker, ...limits })
      const weighs = topLogprobs === undefined ? undefined : onWeighed
      return guidance.write(sequence, lastPiece, sampler, this.#answer, topLogprobs ?? 0, weighs)
    }
    if (draft && grammar === null && bias === null && topLogprobs === undefined && canDraft(sampling)) {
      this.#drafting = new AnswerDrafting(draft, sequence, sampling, seed, this.#answer.slice())
      return this.#drafting.write(prompt.tokens, lastPiece)
    }
    const options = samplingOptions(sampling, seed, contextSize, this.#answer, grammar, bias)
    if (topLogprobs === undefined) return sequence.evaluate(lastPiece, options)
    return evaluateWeighed(sequence, lastPiece, options, topLogprobs, onWeighed)
  }

  /** Bytes that are no whole character read as `\xE7`; a control token has a text of its own and no bytes. */
  #describe(loaded: LoadedModel, { token, logprob, top }: WeighedToken): TokenLogprob {
    const dropsSpace = this.#text!.isAtFirstSpace
    const described = (token: Token, logprob: number) => {
      const { text } = describeToken(loaded, token)
      const bytes = Array.from(loaded.tokenBytes(token))
      const isDropped = dropsSpace && bytes[0] === 0x20
      return { text: isDropped ? text.slice(1) : text, bytes: isDropped ? bytes.slice(1) : bytes, logprob }
    }
    return { ...described(token, logprob), top: top.map(({ token, logprob }) => described(token, logprob)) }
  }

  /** Written so far. */
  get answerTokens(): number {
    return this.#answer.length - this.#writtenTokens
  }

  #finish(stopReason: StopReason, stopText: string | null = null): void {
    if (this.#isSettled) return
    this.#text?.end()
    this.#isSettled = true
    this.#settle.resolve({
      stopReason,
      promptTokens: this.#promptTokens,
      cachedTokens: this.#cachedTokens,
      answerTokens: this.answerTokens,
      promptMs: (this.#firstTokenAt || performance.now()) - this.#startedAt,
      answerMs: this.#lastTokenAt - this.#firstTokenAt,
      seed: this.#seed,
      stopText,
      promptText: this.#promptText,
      draft: this.#drafting?.result() ?? null,
    })
  }
}
