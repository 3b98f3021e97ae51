import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ErrorCode } from '../../shared/contract/errors.ts'

const codesByStatus: Record<number, ErrorCode[]> = {
  400: [
    'REQUEST_INVALID',
    'PROMPT_TOO_LONG',
    'TEMPLATE_FAILED',
    'GRAMMAR_INVALID',
    'INFILL_UNSUPPORTED',
    'UNSUPPORTED',
    'NO_MODEL',
    'REFERENCE_INVALID',
    'LOAD_SETTING_REFUSED',
    'ADAPTER_UNUSABLE',
    'DRAFT_UNUSABLE',
    'NOT_GGUF',
    'NOT_A_LANGUAGE_MODEL',
    'FILE_IS_FOLDER',
    'ARCHITECTURE_UNSUPPORTED',
    // Not 409: clients would try again at once.
    'MODEL_NOT_LOADED',
    'LOAD_CANCELLED',
  ],
  401: ['API_KEY_NEEDED', 'API_KEY_WRONG'],
  403: ['HOST_REFUSED', 'ORIGIN_REFUSED', 'SCOPE_MISSING', 'READ_ONLY_MODEL'],
  404: ['PATH_UNKNOWN', 'MODEL_UNKNOWN', 'NOT_FOUND', 'HUB_NOT_FOUND', 'NO_GGUF'],
  405: ['METHOD_REFUSED'],
  408: ['REQUEST_TIMEOUT'],
  409: ['CHAT_BUSY', 'PROMPT_LOG_OFF'],
  413: ['REQUEST_TOO_LARGE'],
  415: ['ENCODING_UNSUPPORTED'],
  // Clients wait and try again.
  429: ['SERVER_BUSY'],
  // The request was right, and something outside of this program was not.
  502: ['HUB_UNAUTHORIZED', 'HUB_GATED', 'HUB_BUSY', 'HUB_FAILED', 'HOST_UNREACHABLE', 'OFFLINE', 'DOWNLOAD_STALLED'],
  503: ['NOT_ENOUGH_MEMORY', 'ENGINE_CRASHED', 'ENGINE_UNSTABLE'],
  507: ['DISK_FULL', 'NOT_ENOUGH_SPACE'],
}

const statusByCode = new Map(
  Object.entries(codesByStatus).flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status) as ContentfulStatusCode] as const),
  ),
)

/** The HTTP status of a failure, the same for all protocols; 500 for what the request cannot be blamed for. */
export function failureStatus(code: ErrorCode): ContentfulStatusCode {
  return statusByCode.get(code) ?? 500
}
