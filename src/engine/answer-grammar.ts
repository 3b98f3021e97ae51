/**
 * What an answer in a given format may go on with. Our own calls to the native grammar, besides the sampler's,
 * go past the library's public face: it has none for text that is there already, and none to ask about a token.
 */
import type { Llama, LlamaGrammarEvaluationState, LlamaModel, Token } from 'node-llama-cpp'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { AnswerFormat } from '../shared/lib/sampling.ts'
import { findGrammarFault } from './gbnf.ts'
import { jsonSchemaGrammar } from './json-schema-grammar.ts'
import { answerOrCalls, toolCallsGrammar, type CallableTool } from './tool-grammar.ts'

/** Any JSON value; white space is bounded, or a model could write nothing else for ever. */
const jsonGrammar = String.raw`
root   ::= value
value  ::= object | array | string | number | "true" | "false" | "null"
object ::= "{" ws ( member ( "," ws member )* )? "}"
member ::= string ws ":" ws value ws
array  ::= "[" ws ( value ws ( "," ws value ws )* )? "]"
string ::= "\"" ( [^"\\\x7F\x00-\x1F] | "\\" ( ["\\/bfnrt] | "u" [0-9a-fA-F]{4} ) )* "\""
number ::= "-"? ( "0" | [1-9] [0-9]{0,15} ) ( "." [0-9]{1,16} )? ( [eE] [-+]? [0-9]{1,2} )?
ws     ::= ( " " | "\n" [ \t]{0,20} )?
`

interface NativeGrammarCalls {
  acceptGrammarEvaluationStateToken(state: unknown, token: Token): void
  canBeNextTokenForGrammarEvaluationState(state: unknown, token: Token): boolean
}

export const noTokenFits = 'no token of the model fits'

/** The sampler found no token that the grammar allows, and took one that it does not. */
export function isStuckGrammar(error: unknown): boolean {
  return error instanceof Error && error.message.includes('empty grammar stack')
}

export class AnswerGrammar {
  /** The sampler tells it what it drew. */
  readonly state: LlamaGrammarEvaluationState
  readonly #model: LlamaModel
  readonly #native: unknown
  readonly #calls: NativeGrammarCalls

  constructor(model: LlamaModel, state: LlamaGrammarEvaluationState) {
    this.state = state
    this.#model = model
    this.#native = (state as unknown as { _state: unknown })._state
    const { _bindings } = model.llama as unknown as { _bindings: { AddonSampler: NativeGrammarCalls } }
    this.#calls = _bindings.AddonSampler
  }

  /** To be called for tokens the sampler did not draw with `state`. Throws where the grammar does not allow them. */
  accept(tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (!this.#model.isEogToken(token)) this.#calls.acceptGrammarEvaluationStateToken(this.#native, token)
    }
  }

  allows(token: Token): boolean {
    return this.#calls.canBeNextTokenForGrammarEvaluationState(this.#native, token)
  }
}

/** null for plain text. Throws GRAMMAR_INVALID. */
export async function openAnswerGrammar(
  model: LlamaModel,
  format: AnswerFormat,
  /** Tokens of the answer that are there already. */
  written: readonly Token[],
  /** The first space of the answer is dropped, so the grammar does not see it. */
  dropsFirstSpace: boolean,
): Promise<AnswerGrammar | null> {
  if (format.type === 'text') return null
  const grammar = await openGrammar(model, await sourceOf(model.llama, format), dropsFirstSpace)
  try {
    grammar.accept(written)
  } catch {
    throw new AppFailure('GRAMMAR_INVALID', { detail: 'the answer so far does not fit' })
  }
  return grammar
}

/** For what comes behind the answer's start; see GenerateRequest. Throws GRAMMAR_INVALID. */
export async function openToolGrammar(
  model: LlamaModel,
  tools: readonly CallableTool[],
  format: AnswerFormat,
  dropsFirstSpace: boolean,
): Promise<AnswerGrammar> {
  const calls = await toolCallsGrammar(model.llama, tools)
  if (format.type === 'text') return openGrammar(model, calls, false)
  return openGrammar(model, answerOrCalls(await sourceOf(model.llama, format), calls), dropsFirstSpace)
}

async function openGrammar(model: LlamaModel, source: string, mayBeginWithSpace: boolean): Promise<AnswerGrammar> {
  const { LlamaGrammarEvaluationState } = await import('node-llama-cpp')
  const grammar = await compile(model.llama, source, mayBeginWithSpace)
  return new AnswerGrammar(model, new LlamaGrammarEvaluationState({ model, grammar }))
}

/** Throws GRAMMAR_INVALID. */
export async function checkAnswerFormat(llama: Llama, format: AnswerFormat): Promise<void> {
  if (format.type !== 'text') await compile(llama, await sourceOf(llama, format), false)
}

async function sourceOf(llama: Llama, format: Exclude<AnswerFormat, { type: 'text' }>): Promise<string> {
  if (format.type === 'json') return jsonGrammar
  if (format.type === 'grammar') return format.source
  try {
    return await jsonSchemaGrammar(llama, format.schema)
  } catch (error) {
    throw new AppFailure('GRAMMAR_INVALID', { detail: (error as Error).message })
  }
}

async function compile(llama: Llama, source: string, mayBeginWithSpace: boolean) {
  const fault = findGrammarFault(source)
  if (fault !== null) throw new AppFailure('GRAMMAR_INVALID', { detail: fault })
  const rootRuleName = mayBeginWithSpace ? 'root-behind-a-space' : 'root'
  const grammar = mayBeginWithSpace ? `${source}\n${rootRuleName} ::= " "? root\n` : source
  try {
    return await llama.createGrammar({ grammar, rootRuleName })
  } catch (error) {
    throw new AppFailure('GRAMMAR_INVALID', { detail: (error as Error).message })
  }
}
