/**
 * Classifier-free guidance: each token is weighed by the conversation as it is, and once more by the same one
 * with the negative prompt in place of the system prompt; what only the latter makes likely is pushed away.
 * The second reading has a context of its own, opened when guidance is first used and closed by the first
 * answer of its slot without. Source: Chinese-LLaMA-Alpaca-2, scripts/inference/gradio_demo.py.
 */
import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp'
import type { GenerateRequest } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { Sampling } from '../shared/lib/sampling.ts'
import type { Candidate, GuidedSampler } from './guided-sampler.ts'
import type { PromptPace } from './prompt-pace.ts'
import type { Prompt, PromptTokenizer } from './prompt-tokens.ts'
import { hasRoom, readPrompt } from './read-prompt.ts'
import type { WeighedToken } from './token-weights.ts'

/**
 * So many of the likeliest tokens of both readings are weighed; one that only the second lacks is taken to be as
 * likely there as the last it has. All of a large vocabulary would take longer than many a model to read a token.
 */
const weighedTokens = 1000

type Messages = Extract<GenerateRequest['prompt'], { messages: unknown }>

/** null where there is nothing to push away from. */
export function negativePromptOf(prompt: GenerateRequest['prompt'], sampling: Sampling): Messages | null {
  if (sampling.guidanceScale === 1 || 'text' in prompt) return null
  const { negativePrompt: text } = sampling
  const system = prompt.messages.find(({ role }) => role === 'system')
  if (text === (system?.text ?? '')) return null
  const others = prompt.messages.filter((message) => message !== system)
  return { ...prompt, messages: text === '' ? others : [{ role: 'system', text }, ...others] }
}

export interface SecondReading {
  context: LlamaContext
  sequence: LlamaContextSequence
  /** Of its own: it knows what this cache holds. */
  prompts: PromptTokenizer
}

/** The second reading of one slot. */
export class SlotGuidance {
  readonly #open: () => Promise<SecondReading>
  #opened: SecondReading | null = null

  constructor(open: () => Promise<SecondReading>) {
    this.#open = open
  }

  /** `weighsAll`: every token of the vocabulary, which takes longer. Throws PROMPT_TOO_LONG and what `open` does. */
  async begin(negativePrompt: Messages, scale: number, weighsAll: boolean): Promise<AnswerGuidance> {
    this.#opened ??= await this.#open()
    const { sequence, prompts } = this.#opened
    const { contextSize } = sequence
    const prompt = prompts.tokenize(negativePrompt)
    const promptTokens = prompt.tokens.length
    if (promptTokens >= contextSize) throw new AppFailure('PROMPT_TOO_LONG', { promptTokens, contextSize })
    await sequence.adaptStateToTokens(prompt.tokens.slice(0, -1), false)
    return new AnswerGuidance(this.#opened, prompt, scale, weighsAll ? 0 : weighedTokens)
  }

  /** Gives the memory back. */
  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    await opened?.context.dispose()
  }
}

/** The guidance of one answer. */
export class AnswerGuidance {
  readonly #sequence: LlamaContextSequence
  readonly #prompts: PromptTokenizer
  readonly #prompt: Prompt
  readonly #scale: number
  readonly #count: number
  #unread: readonly Token[]

  /** `count`: of the tokens that are weighed; 0 = all. */
  constructor({ sequence, prompts }: SecondReading, prompt: Prompt, scale: number, count: number) {
    this.#sequence = sequence
    this.#prompts = prompts
    this.#prompt = prompt
    this.#scale = scale
    this.#count = count
    this.#unread = prompt.tokens.slice(sequence.nextTokenIndex)
  }

  /** Of the negative prompt. */
  get unreadTokens(): number {
    return this.#unread.length
  }

  get hasRoom(): boolean {
    return hasRoom(this.#sequence)
  }

  async read(pace: PromptPace, onPiece: (unreadTokens: number) => boolean): Promise<void> {
    this.#unread = await readPrompt(this.#sequence, this.#unread, pace, onPiece)
  }

  /**
   * Reads the last piece of the prompt and yields the answer's tokens, like `sequence.evaluate`. `answer`: its
   * tokens so far; the caller adds what it is given. `onWeighed` is called before each token, with the probabilities
   * of the first reading among the tokens that are weighed, and the `topCount` likeliest.
   */
  async *write(
    sequence: LlamaContextSequence,
    lastPiece: readonly Token[],
    sampler: GuidedSampler,
    answer: readonly Token[],
    topCount: number,
    onWeighed?: (weighed: WeighedToken) => void,
  ): AsyncGenerator<Token, void, void> {
    for (let unread = lastPiece; ; ) {
      const wanted = await likeliest(sequence, unread, this.#count)
      const unwanted = await likeliest(this.#sequence, this.#unread, this.#count)
      const token = sampler.draw(combine(wanted, unwanted, this.#scale), answer)
      unread = this.#unread = [token]
      onWeighed?.(weigh(wanted, token, topCount))
      yield token
    }
  }

  /** So that the next turn finds the answer in the second cache, too. */
  remember(answerText: string, answerTokens: readonly Token[]): void {
    this.#prompts.remember(this.#prompt, answerText, answerTokens)
  }
}

/** Temperature 1 leaves the logits as they are, and above 0 the chain cuts all but the first `count` off. */
async function likeliest(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  count: number,
): Promise<Map<Token, number>> {
  const last = tokens.length - 1
  const generateNext = { logits: true, options: { temperature: 1, topK: count, topP: 1, minP: 0, seed: 0 } }
  const input = tokens.map((token, index) => {
    return index < last ? token : ([token, { generateNext }] satisfies [Token, object])
  })
  const results = await sequence.controlledEvaluate(input)
  const logits = results[last]?.next.logits
  if (!logits) throw new Error('No logits came')
  return logits
}

function weigh(logits: ReadonlyMap<Token, number>, token: Token, topCount: number): WeighedToken {
  const sorted = [...logits].sort(([, a], [, b]) => b - a)
  const most = sorted[0]![1]
  const logTotal = most + Math.log(sorted.reduce((sum, [, logit]) => sum + Math.exp(logit - most), 0))
  const top = sorted.slice(0, topCount).map(([token, logit]) => ({ token, logprob: logit - logTotal }))
  return { token, logprob: logits.get(token)! - logTotal, top }
}

/** unwanted + scale × (wanted − unwanted). The sums that make logits probabilities are the same for all tokens. */
function combine(
  wanted: ReadonlyMap<Token, number>,
  unwanted: ReadonlyMap<Token, number>,
  scale: number,
): Candidate[] {
  let least = Infinity
  for (const logit of unwanted.values()) least = Math.min(least, logit)
  return Array.from(wanted, ([token, logit]) => {
    const away = unwanted.get(token) ?? least
    return { token, logit: away + scale * (logit - away) }
  })
}
