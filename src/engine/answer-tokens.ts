/**
 * How likely the model held each token of an answer, and what else it might have said: prompt and answer are
 * read once, without sampling anything. The cache holds both afterwards, as if the answer had just been written.
 */
import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { EngineCalls } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { LoadedModel, Slot } from './loaded-model.ts'
import { readPrompt } from './read-prompt.ts'
import { describeToken } from './token-text.ts'

/**
 * Probabilities are summed over so many of the likeliest tokens; the others of a trained model have no share that
 * shows, and to sort all of a vocabulary of 128,000 takes six times as long.
 */
const weighedTokens = 4096
/** The logits of so many tokens are kept at once: 32 MB for a vocabulary of 128,000. */
const longestPiece = 64

type Input = EngineCalls['answerTokens']['input']
type TokenChoices = EngineCalls['answerTokens']['output'][number]

/** `result` and `run` are as in AnswerRun. */
export class AnswerTokensRun {
  readonly result: Promise<TokenChoices[]>
  readonly #input: Input
  readonly #settle = Promise.withResolvers<TokenChoices[]>()
  readonly #read: TokenChoices[] = []
  #isSettled = false

  constructor(input: Input) {
    this.#input = input
    this.result = this.#settle.promise
  }

  /** Settles `result` with what there is. */
  stop(): void {
    this.#isSettled = true
    this.#settle.resolve(this.#read.slice())
  }

  async run(loaded: LoadedModel, slot: Slot): Promise<void> {
    try {
      if (!this.#isSettled) await this.#make(loaded, slot)
      this.stop()
    } catch (error) {
      this.#settle.reject(error)
    }
  }

  async #make(loaded: LoadedModel, { sequence, prompts }: Slot): Promise<void> {
    const { prompt: asked, answer } = this.#input
    const before = prompts.tokenize('text' in asked ? asked : { messages: asked.messages })
    const whole = 'text' in asked ? { text: asked.text + answer } : { messages: asked.messages, answerStart: answer }
    const { tokens } = prompts.tokenize(whole)
    const { contextSize } = sequence
    const promptTokens = tokens.length
    if (promptTokens >= contextSize) throw new AppFailure('PROMPT_TOO_LONG', { promptTokens, contextSize })
    const start = commonLength(before.tokens, tokens)

    // The token before the answer tells how likely its first one is.
    await sequence.adaptStateToTokens(tokens.slice(0, start - 1), false)
    const unread = tokens.slice(sequence.nextTokenIndex, start - 1)
    const rest = await readPrompt(sequence, unread, loaded.pace, () => !this.#isSettled)
    if (rest.length > 0 && !this.#isSettled) await sequence.evaluateWithoutGeneratingNewTokens(rest)
    if (!this.#isSettled) await this.#weigh(loaded, sequence, tokens.slice(start - 1))
    const isAnswerKnown = !this.#isSettled && start === before.tokens.length
    if (isAnswerKnown) prompts.remember(before, answer, tokens.slice(start))
    else prompts.remember(before, '', [])
  }

  /** `tokens`: of the answer, behind the one before it. */
  async #weigh(loaded: LoadedModel, sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void> {
    const { prompt: asked, choiceCount } = this.#input
    const dropsFirstSpace = loaded.beginsWithSpace && !('text' in asked && asked.text !== '')
    const textOf = (token: Token) => {
      const { text } = describeToken(loaded, token)
      return this.#read.length === 0 && dropsFirstSpace ? text.replace(/^ /, '') : text
    }
    for (let at = 0; at < tokens.length && !this.#isSettled; ) {
      const piece = tokens.slice(at, at + Math.min(longestPiece, loaded.pace.pieceLength))
      const next = tokens.slice(at + 1, at + 1 + piece.length)
      const results = await sequence.controlledEvaluate(inputOf(piece, next, choiceCount))
      for (const [index, token] of next.entries()) {
        const { logits, totalLogitWeight } = results[index]!.next
        const choices = likeliest(logits!, totalLogitWeight!)
        const named = choices.map((choice) => ({ text: textOf(choice.token), probability: choice.probability }))
        // Not among those that were weighed: as good as impossible.
        const probability = choices.find((choice) => choice.token === token)?.probability ?? 0
        this.#read.push({ text: textOf(token), probability, choices: named.slice(0, choiceCount) })
      }
      at += piece.length
    }
  }
}

/** Asks behind each token of a piece for the one that is next. */
function inputOf(piece: readonly Token[], next: readonly Token[], choiceCount: number) {
  return piece.map((token, index) => {
    if (next[index] === undefined) return token
    const filter = { tokens: [next[index]], includeTop: Math.max(1, choiceCount) }
    // Temperature 1 leaves the logits as they are; at 0 all would be sorted.
    const options = { temperature: 1, topK: weighedTokens, topP: 1, minP: 0, seed: 0 }
    const generateNext = { logits: { filter }, totalLogitWeight: true, options }
    return [token, { generateNext }] satisfies [Token, object]
  })
}

/** The first is the likeliest of all, so `totalWeight` is of the others relative to it. */
function likeliest(logits: ReadonlyMap<Token, number>, totalWeight: number) {
  const sorted = [...logits].sort(([, a], [, b]) => b - a)
  const most = sorted[0]![1]
  return sorted.map(([token, logit]) => ({ token, probability: Math.exp(logit - most) / totalWeight }))
}

function commonLength(a: readonly Token[], b: readonly Token[]): number {
  const end = Math.min(a.length, b.length)
  let length = 0
  while (length < end && a[length] === b[length]) length++
  return length
}
