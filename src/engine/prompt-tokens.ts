/**
 * Turns messages into the prompt's tokens. The rendered prompt is tokenized as a whole with control
 * tokens read, as llama.cpp does it, with three rules: exactly one BOS comes first where the model
 * wants one, text a person typed never becomes a control token, and a prompt that goes on where the
 * last prompt or its answer ended keeps the tokens of that part. The last one is what lets the next
 * turn find the whole answer in the KV cache, even if the model cut its words in an unusual way.
 */
import type { LlamaModel, Token } from 'node-llama-cpp'
import type { GenerateRequest } from '../shared/engine/messages.ts'
import type { ChatTemplate } from '../shared/lib/chat-templates.ts'
import { createControlTextGuard, type ControlTextGuard } from '../shared/lib/control-texts.ts'

export interface Prompt {
  /** As rendered, with typed control texts hidden and without BOS. */
  readonly text: string
  readonly tokens: readonly Token[]
  /** Where text and tokens may both be cut. */
  readonly cuts: readonly Cut[]
}

interface Cut {
  textLength: number
  tokenCount: number
}

export class PromptTokenizer {
  readonly #model: LlamaModel
  readonly #template: ChatTemplate
  readonly #guard: ControlTextGuard
  /** SentencePiece puts a space before text that follows no other text. */
  readonly #addsSpace: boolean
  #known: Prompt = { text: '', tokens: [], cuts: [] }

  constructor(model: LlamaModel, template: ChatTemplate, addsSpace: boolean) {
    this.#model = model
    this.#template = template
    this.#guard = createControlTextGuard(controlTextsOf(model))
    this.#addsSpace = addsSpace
  }

  /** Throws TEMPLATE_FAILED. */
  tokenize(prompt: GenerateRequest['prompt']): Prompt {
    const { text, hadBos } = this.#withoutBos(this.#textOf(prompt))
    const { bos, shouldPrependBosToken } = this.#model.tokens
    const common = commonPrefixLength(text, this.#known.text)
    const cuts = this.#known.cuts.filter(({ textLength }) => textLength <= common)
    const cut = cuts.at(-1)
    const tokens = cut ? this.#known.tokens.slice(0, cut.tokenCount) : []
    if (!cut && bos !== null && (shouldPrependBosToken || hadBos)) tokens.push(bos)
    for (const part of this.#guard.split(text.slice(cut?.textLength ?? 0))) {
      const followsText = tokens.length > 0 && !this.#isSpecial(tokens.at(-1)!)
      const added = part.typed ? this.#typed(part.text, followsText) : this.#tokens(part.text, true, followsText)
      for (const token of added) tokens.push(token)
    }
    const isCutHere = cut?.textLength === text.length
    return { text, tokens, cuts: isCutHere ? cuts : [...cuts, { textLength: text.length, tokenCount: tokens.length }] }
  }

  /** Characters at the head of the prompt that the KV cache holds; 0 where the template fails. */
  knownLength(prompt: GenerateRequest['prompt']): number {
    try {
      return commonPrefixLength(this.#withoutBos(this.#textOf(prompt)).text, this.#known.text)
    } catch {
      return 0
    }
  }

  #textOf(prompt: GenerateRequest['prompt']): string {
    if ('text' in prompt) return this.#guard.hide(prompt.text)
    return this.#template.render(prompt.messages.map(({ role, text }) => ({ role, text: this.#guard.hide(text) })))
  }

  #withoutBos(rendered: string): { text: string; hadBos: boolean } {
    const { bosString } = this.#model.tokens
    let start = 0
    if (bosString) while (rendered.startsWith(bosString, start)) start += bosString.length
    return { text: rendered.slice(start), hadBos: start > 0 }
  }

  /** To be called when the KV cache holds `prompt`, and after it `answerTokens`, which say `answerText`. */
  remember(prompt: Prompt, answerText: string, answerTokens: readonly Token[]): void {
    const text = prompt.text + this.#guard.hide(answerText)
    const tokens = [...prompt.tokens, ...answerTokens]
    this.#known = { text, tokens, cuts: [...prompt.cuts, { textLength: text.length, tokenCount: tokens.length }] }
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

/** The texts that llama.cpp would read as control tokens. */
function controlTextsOf(model: LlamaModel): string[] {
  const { tokens, token_type: types } = model.fileInfo.metadata.tokenizer.ggml
  return tokens.filter((text, index) => {
    const isNormal = types?.[index] === 1
    // llama.cpp makes some tokens control tokens by their look, so it has the last word.
    if ((isNormal && !/^[<[].+[>\]]$/.test(text)) || text.trim() === '') return false
    const { control, unknown, userDefined } = model.getTokenAttributes(index as Token)
    return control || unknown || (userDefined && /^<[|｜].*[|｜]>$/.test(text))
  })
}

function commonPrefixLength(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  let length = 0
  while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length++
  return length
}
