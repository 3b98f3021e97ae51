/** How each protocol writes a failure: as the body of an answer, and as the data of an error event in a stream. */
import type { ApiProtocol } from '../../shared/contract/api-server.ts'
import type { AppFailure } from '../../shared/lib/app-failure.ts'
import { failureSentence } from '../../shared/texts/failure-sentence.ts'
import type { Language } from '../../shared/texts/format.ts'

/** Of the path, also of one that does not exist. */
export function protocolOf(path: string): ApiProtocol {
  if (/^\/v1\/messages(\/|$)/.test(path)) return 'anthropic'
  if (/^\/v1(\/|$)/.test(path)) return 'openai'
  if (/^\/api\/v1(\/|$)/.test(path)) return 'yangtuo'
  return /^\/api(\/|$)/.test(path) ? 'ollama' : 'yangtuo'
}

export function errorBody(protocol: ApiProtocol, status: number, failure: AppFailure, language: Language): object {
  const message = failureSentence(language, failure)
  if (protocol === 'ollama') return { error: ollamaMessage(failure) ?? message }
  if (protocol === 'anthropic') return { type: 'error', error: { type: anthropicType(status), message } }
  const code = failure.code === 'MODEL_UNKNOWN' ? 'model_not_found' : openAiCode(failure)
  const error = { message, type: openAiType(status), param: openAiParam(failure), code }
  // Our own says all it knows; a program needs no sentence to tell what happened.
  return { error: protocol === 'yangtuo' ? { ...error, code: failure.code, data: failure.data } : error }
}

/** The field that is to blame, where one is. */
function openAiParam({ code, data }: AppFailure): string | null {
  if (code === 'MODEL_UNKNOWN' || code === 'MODEL_NOT_LOADED') return 'model'
  return (data as { field?: string }).field ?? null
}

/** Ollama's errors have no code: programs look for its words. */
function ollamaMessage({ code, data }: AppFailure): string | null {
  return code === 'MODEL_UNKNOWN' ? `model '${(data as { name: string }).name}' not found` : null
}

/** Those that programs are known to look for; else ours in lower case. */
function openAiCode({ code }: AppFailure): string {
  if (code === 'PROMPT_TOO_LONG') return 'context_length_exceeded'
  if (code === 'API_KEY_WRONG') return 'invalid_api_key'
  return code.toLowerCase()
}

function openAiType(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

function anthropicType(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 404) return 'not_found_error'
  if (status === 413) return 'request_too_large'
  if (status === 429) return 'rate_limit_error'
  if (status === 503) return 'overloaded_error'
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}
