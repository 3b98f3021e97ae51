/**
 * Turns messages into the prompt's tokens. The rendered prompt is tokenized as a whole with control
 * tokens read, as llama.cpp does it, with three rules: exactly one BOS comes first where the model
 * wants one, text a person typed never becomes a control token, and a prompt that goes on where the
 * last prompt or its answer ended keeps the tokens of that part. The last one is what lets the next
 * turn find the whole answer in the KV cache, even if the model cut its words in an unusual way.
 *
 * An answer that is to go on from a text is cut from the prompt before it, as it is where the model
 * writes it: the two never share a token.
 */
import type { LlamaModel, Token } from 'node-llama-cpp'
import type { CountedPrompt, GenerateRequest, PromptMessage } from '../shared/engine/messages.ts'
import type { ChatTemplate } from '../shared/lib/chat-templates.ts'
import { anyOf, createControlTextGuard, type ControlTextGuard } from '../shared/lib/control-texts.ts'
import { infillParts, infillText, type InfillPart } from './infill.ts'
import { commonPrefixLength, locateMessages, segmentsOf, tokenStarts, type PromptSpan } from './prompt-segments.ts'
import type { TokenBytes } from './token-bytes.ts'

export interface Prompt {
  /** As rendered, with typed control texts hidden and without BOS. */
  readonly text: string
  /** What the template writes between this and the answer that follows. */
  readonly joint: string
  readonly tokens: readonly Token[]
  /** Where text and tokens may both be cut. */
  readonly cuts: readonly Cut[]
}

/** Behind a control token, or where an answer begins or ends. */
interface Cut {
  textLength: number
  tokenCount: number
}

/** A prompt that has no tokens yet. */
interface Rendered {
  /** Without BOS; up to where the answer begins. */
  text: string
  hadBos: boolean
  /** What stands of the answer already. */
  answerStart: string
  /** What the model's tokens write between the text and the answer that follows it, and the text itself does not. */
  joint: string
}

type Infill = { text: string; suffix: string }

const nothing: Prompt = { text: '', joint: '', tokens: [], cuts: [] }

export class PromptTokenizer {
  readonly #model: LlamaModel
  readonly #template: ChatTemplate
  readonly #guard: ControlTextGuard
  /** Finds the control tokens that text may be cut behind: those that swallow no white space. */
  readonly #cutTexts: RegExp
  /** SentencePiece puts a space before text that follows no other text. */
  readonly #addsSpace: boolean
  /** What the KV cache holds. */
  #known = nothing
  /** What was counted last: while somebody types, counting goes on from there. */
  #counted = nothing

  constructor(model: LlamaModel, template: ChatTemplate, addsSpace: boolean) {
    this.#model = model
    this.#template = template
    const controls = controlTokensOf(model)
    this.#guard = createControlTextGuard(controls.map(({ text }) => text))
    const cutTexts = controls.filter(({ token }) => !model.getTokenAttributes(token).rstrip)
    this.#cutTexts = anyOf(cutTexts.map(({ text }) => text))
    this.#addsSpace = addsSpace
  }

  /** Throws TEMPLATE_FAILED or INFILL_UNSUPPORTED. */
  tokenize(prompt: GenerateRequest['prompt']): Prompt {
    if (isInfill(prompt)) {
      const tokens = this.#infillParts(prompt).flatMap(({ tokens }) => tokens)
      return { text: this.#rendered(prompt).text, joint: '', tokens, cuts: [] }
    }
    return this.#tokenized(this.#rendered(prompt))
  }

  /** The prompt's tokens, and whose they are. Throws TEMPLATE_FAILED or INFILL_UNSUPPORTED. */
  count(prompt: GenerateRequest['prompt'], bytesOf: TokenBytes): Pick<CountedPrompt, 'segments'> & Pick<Prompt, 'tokens'> {
    if (isInfill(prompt)) {
      const parts = this.#infillParts(prompt).filter(({ tokens }) => tokens.length > 0)
      const segments = parts.map(({ tokens, isText }) => {
        return { messageIndex: isText ? 0 : null, isAttached: false, tokenCount: tokens.length }
      })
      return { tokens: parts.flatMap(({ tokens }) => tokens), segments }
    }
    const rendered = this.#rendered(prompt)
    this.#counted = this.#tokenized(rendered)
    const { text, tokens } = this.#counted
    // All others are in the text.
    const bos = tokens.slice(0, tokens[0] === this.#model.tokens.bos ? 1 : 0)
    const parts = this.#guard.split(text).map((part) => {
      return { text: part.text, length: part.typed ? this.#guard.hide(part.text).length : part.text.length }
    })
    const starts = tokenStarts(parts, tokens.slice(bos.length), (token) => this.#textBytes(token, bytesOf))
    return { tokens, segments: segmentsOf([...bos.map(() => null), ...starts], this.#spansOf(prompt, rendered)) }
  }

  /** Tokens of a text in the middle of a prompt. */
  countText(text: string): number {
    return this.#tokensOf(this.#guard.hide(text), true).length
  }

  /** The prompt as the template renders it, without BOS; empty where that fails. */
  textOf(prompt: GenerateRequest['prompt']): string {
    try {
      const { text, answerStart } = this.#rendered(prompt)
      return text + answerStart
    } catch {
      return ''
    }
  }

  /** Characters at the head of the prompt that `known` says, too; by default what the KV cache holds. */
  knownLength(prompt: GenerateRequest['prompt'], known: Prompt = this.#known): number {
    return commonPrefixLength(this.textOf(prompt), known.text)
  }

  /** What answering here would save of reading, less what it would take out of the cache; in characters. */
  gainOf(prompt: GenerateRequest['prompt']): number {
    return 2 * this.knownLength(prompt) - this.#known.text.length
  }

  /** What the KV cache holds: all that a saved state needs besides it. */
  get known(): Prompt {
    return this.#known
  }

  set known(known: Prompt) {
    this.#known = known
    this.#counted = nothing
  }

  /** To be called when the KV cache holds `prompt`, and after it `answerTokens`, which say `answerText`. */
  remember(prompt: Prompt, answerText: string, answerTokens: readonly Token[]): void {
    const promptEnd = { textLength: prompt.text.length, tokenCount: prompt.tokens.length }
    const text = prompt.text + (answerText && prompt.joint + this.#guard.hide(answerText))
    const tokens = [...prompt.tokens, ...answerTokens]
    const cuts = [...prompt.cuts, promptEnd, { textLength: text.length, tokenCount: tokens.length }]
    this.known = { text, joint: '', tokens, cuts }
  }

  #rendered(prompt: GenerateRequest['prompt']): Rendered {
    if (isInfill(prompt)) {
      const text = infillText(this.#model, this.#guard.hide(prompt.text), this.#guard.hide(prompt.suffix))
      return { text, hadBos: false, answerStart: '', joint: '' }
    }
    if ('text' in prompt) {
      const text = prompt.isRendered ? prompt.text : this.#guard.hide(prompt.text)
      return { ...this.#withoutBos(text), answerStart: '', joint: '' }
    }
    const rendered = this.#withoutBos(this.#template.render(this.#hidden(prompt.messages)))
    const answerStart = this.#guard.hide(prompt.answerStart ?? '')
    const joint = this.#jointBehind(rendered.text)
    return answerStart ? { ...rendered, answerStart: joint + answerStart, joint: '' } : { ...rendered, answerStart, joint }
  }

  #infillParts(prompt: Infill): InfillPart[] {
    return infillParts(this.#model, prompt, (text, followsText) => this.#tokensOf(this.#guard.hide(text), followsText))
  }

  #hidden(messages: readonly PromptMessage[]): PromptMessage[] {
    return messages.map(({ role, text, attachedLength = 0 }) => {
      const hidden = this.#guard.hide(text)
      const head = this.#guard.hide(text.slice(0, attachedLength))
      return { role, text: hidden, attachedLength: commonPrefixLength(head, hidden) }
    })
  }

  #withoutBos(rendered: string): Pick<Rendered, 'text' | 'hadBos'> {
    const { bosString } = this.#model.tokens
    let start = 0
    if (bosString) while (rendered.startsWith(bosString, start)) start += bosString.length
    return { text: rendered.slice(start), hadBos: start > 0 }
  }

  /** A SentencePiece model begins its answer with a space, and the template writes it when it comes to the next turn. */
  #jointBehind(text: string): string {
    const endsWithWord = /\S$/.test(text) && this.#cutPieces(text).at(-1)?.isControl === false
    return this.#addsSpace && endsWithWord ? ' ' : ''
  }

  #tokenized({ text: promptText, hadBos, answerStart, joint }: Rendered): Prompt {
    const text = promptText + answerStart
    const { bos, shouldPrependBosToken } = this.#model.tokens
    const [known, counted] = [cutsBefore(this.#known, text), cutsBefore(this.#counted, text)]
    const isMoreCounted = lengthOf(counted) > lengthOf(known)
    const cuts = isMoreCounted ? counted : known
    const tokens = (isMoreCounted ? this.#counted : this.#known).tokens.slice(0, cuts.at(-1)?.tokenCount ?? 0)
    if (tokens.length === 0 && bos !== null && (shouldPrependBosToken || hadBos)) tokens.push(bos)
    const newCuts = [...cuts]
    const add = (from: number, to: number) => {
      let textLength = from
      for (const piece of this.#cutPieces(text.slice(from, to))) {
        for (const token of this.#tokensOf(piece.text, this.#endsWithText(tokens))) tokens.push(token)
        textLength += piece.text.length
        if (piece.isControl) newCuts.push({ textLength, tokenCount: tokens.length })
      }
    }
    const start = lengthOf(cuts)
    if (start < promptText.length) add(start, promptText.length)
    if (answerStart) {
      if (start < promptText.length) newCuts.push({ textLength: promptText.length, tokenCount: tokens.length })
      add(Math.max(start, promptText.length), text.length)
    }
    return { text, joint, tokens, cuts: newCuts }
  }

  /** Each but the last ends with a control token's text, which is where llama.cpp cuts a text, too. */
  #cutPieces(text: string): { text: string; isControl: boolean }[] {
    const ends = [...text.matchAll(this.#cutTexts)].map((match) => match.index + match[0].length)
    const pieces = ends.map((end, index) => ({ text: text.slice(ends[index - 1] ?? 0, end), isControl: true }))
    const rest = text.slice(ends.at(-1) ?? 0)
    return rest === '' ? pieces : [...pieces, { text: rest, isControl: false }]
  }

  #tokensOf(text: string, followsText: boolean): Token[] {
    const tokens: Token[] = []
    for (const part of this.#guard.split(text)) {
      const follows = tokens.length > 0 ? this.#endsWithText(tokens) : followsText
      const added = part.typed ? this.#typed(part.text, follows) : this.#tokens(part.text, true, follows)
      for (const token of added) tokens.push(token)
    }
    return tokens
  }

  #spansOf(prompt: GenerateRequest['prompt'], { text, answerStart }: Rendered): PromptSpan[] {
    const own = (start: number, length: number, messageIndex: number): PromptSpan[] =>
      length > 0 ? [{ start, end: start + length, messageIndex, isAttached: false }] : []
    if ('text' in prompt) return own(0, text.length, 0)
    const messages = this.#hidden(prompt.messages)
    const spans = locateMessages(messages, text, (marked) => this.#withoutBos(this.#template.render(marked)).text)
    return [...spans, ...own(text.length, answerStart.length, messages.length)]
  }

  /** A control token's are those of its text. */
  #textBytes(token: Token, bytesOf: TokenBytes): Uint8Array {
    const { ggml } = this.#model.fileInfo.metadata.tokenizer
    return this.#isSpecial(token) ? Buffer.from(ggml.tokens[token] ?? '') : bytesOf(token)
  }

  #endsWithText(tokens: readonly Token[]): boolean {
    const last = tokens.at(-1)
    return last !== undefined && !this.#isSpecial(last)
  }

  /** Cut after its first character, a control token's text is just text, whatever the token's type. */
  #typed(text: string, followsText: boolean): Token[] {
    const [head = '', ...tail] = Array.from(text)
    return [...this.#tokens(head, false, followsText), ...this.#tokens(tail.join(''), false, true)]
  }

  #tokens(text: string, readsControlTokens: boolean, followsText: boolean): Token[] {
    const tokens = this.#model.tokenize(text, readsControlTokens)
    if (!this.#addsSpace || !followsText || text === '') return tokens
    // Behind a line break it gets no space; the line break's own tokens are cut off again.
    const lineBreak = this.#model.tokenize('\n')
    const continued = this.#model.tokenize(`\n${text}`, readsControlTokens)
    return lineBreak.every((token, index) => token === continued[index]) ? continued.slice(lineBreak.length) : tokens
  }

  #isSpecial(token: Token): boolean {
    const { control, userDefined, unknown } = this.#model.getTokenAttributes(token)
    return control || userDefined || unknown
  }
}

/** Whether a text is to be written between two others. */
export function isInfill(prompt: GenerateRequest['prompt']): prompt is Infill {
  return 'text' in prompt && prompt.suffix !== undefined && prompt.suffix !== ''
}

/** Those whose texts llama.cpp reads as tokens. */
function controlTokensOf(model: LlamaModel): { text: string; token: Token }[] {
  const { tokens, token_type: types } = model.fileInfo.metadata.tokenizer.ggml
  const all = tokens.map((text, index) => ({ text, token: index as Token }))
  return all.filter(({ text, token }) => {
    const isNormal = types?.[token] === 1
    // llama.cpp makes some tokens control tokens by their look, so it has the last word.
    if ((isNormal && !/^[<[].+[>\]]$/.test(text)) || text.trim() === '') return false
    const { control, unknown, userDefined } = model.getTokenAttributes(token)
    return control || unknown || (userDefined && /^<[|｜].*[|｜]>$/.test(text))
  })
}

/** Where `prompt` may be cut to go on with what is different in `text`. */
function cutsBefore(prompt: Prompt, text: string): Cut[] {
  const common = commonPrefixLength(text, prompt.text)
  return prompt.cuts.filter(({ textLength }) => textLength <= common)
}

function lengthOf(cuts: readonly Cut[]): number {
  return cuts.at(-1)?.textLength ?? 0
}
