/**
 * Every failure a person can meet, by code. Core throws them (`AppFailure`), the contract declares
 * them per procedure, the renderer has a sentence for each in both languages. Branch on the code,
 * never on a message. The data fields are what the sentence needs: which file, how many tokens.
 */
import { z } from 'zod'

const path = z.object({ path: z.string() })
const none = z.object({})

const errorData = {
  /** The chat, message or model is not (or no longer) there. */
  NOT_FOUND: z.object({ what: z.enum(['chat', 'message', 'model', 'download', 'folder', 'catalog-entry', 'finding', 'chat-folder', 'preset', 'attachment', 'file']), id: z.string() }),
  /** This host cannot do that (a native dialog in a browser). */
  UNSUPPORTED: none,

  FILE_MISSING: path,
  FILE_IS_FOLDER: path,
  /** The system refuses to read it; `reason` is its own word, such as EACCES. */
  FILE_UNREADABLE: z.object({ path: z.string(), reason: z.string() }),
  NOT_GGUF: path,
  /** Shorter than its own tensor table says. */
  FILE_TRUNCATED: z.object({ path: z.string(), expectedBytes: z.number(), actualBytes: z.number() }),
  /** The header contradicts itself, or reading it hung or crashed the inspecting process. */
  FILE_DAMAGED: z.object({ path: z.string(), detail: z.string() }),
  ARCHITECTURE_UNSUPPORTED: z.object({ path: z.string(), architecture: z.string() }),
  /** A split model lacks one of its files; `path` is the first that is not there. */
  PART_MISSING: path,
  /**
   * Valid GGUF, but not a model that answers. `kind`: projector, vocabulary, encoder,
   * importance-matrix, draft, audio; or what the file itself says.
   */
  NOT_A_LANGUAGE_MODEL: z.object({ path: z.string(), kind: z.string() }),
  /** The estimate does not fit; `force: true` loads anyway. */
  NOT_ENOUGH_MEMORY: z.object({ path: z.string(), neededBytes: z.number(), availableBytes: z.number() }),

  /**
   * A LoRA that cannot be applied as it is: not GGUF (`hugging-face-format`), with a whole embedding
   * or output layer inside (`whole-layers`), made for another architecture (`architecture`), or not
   * there any more (`missing`). `detail` names what.
   */
  ADAPTER_UNUSABLE: z.object({
    path: z.string(),
    reason: z.enum(['hugging-face-format', 'whole-layers', 'architecture', 'missing']),
    detail: z.string(),
  }),
  /** The draft model's vocabulary is another one, or its file is not there any more. */
  DRAFT_UNUSABLE: z.object({ path: z.string(), reason: z.enum(['vocabulary', 'missing']) }),
  /** The model does not work with one of its load settings; `detail` is llama.cpp's own word. */
  LOAD_SETTING_REFUSED: z.object({ path: z.string(), setting: z.string(), detail: z.string() }),
  /** The file belongs to another app. */
  READ_ONLY_MODEL: path,
  TRASH_FAILED: z.object({ path: z.string(), reason: z.string() }),
  FOLDER_UNREADABLE: z.object({ path: z.string(), reason: z.string() }),

  /** llama.cpp refused the file; `detail` is its last log line. */
  LOAD_FAILED: z.object({ path: z.string(), detail: z.string() }),
  LOAD_CANCELLED: path,
  /** The engine process ended by itself. */
  ENGINE_CRASHED: z.object({ model: z.string(), reason: z.string() }),
  /** It crashed three times in a row; it starts again only when asked by hand. */
  ENGINE_UNSTABLE: z.object({ model: z.string(), reason: z.string() }),

  /** No model is chosen for the chat. */
  NO_MODEL: none,
  /** `reservedTokens`: what the context policy keeps free for the answer, where that is what is missing. */
  PROMPT_TOO_LONG: z.object({
    promptTokens: z.number(),
    contextSize: z.number(),
    reservedTokens: z.number().optional(),
  }),
  TEMPLATE_FAILED: z.object({ detail: z.string() }),
  /** A JSON schema or grammar the engine cannot use; `detail` is its word on it. */
  GRAMMAR_INVALID: z.object({ detail: z.string() }),
  /** The model was not trained to fill in a text between two others. */
  INFILL_UNSUPPORTED: z.object({ model: z.string() }),
  /** The chat is already being answered. */
  CHAT_BUSY: z.object({ chatId: z.string() }),

  /** No model has the name that a request gave. */
  MODEL_UNKNOWN: z.object({ name: z.string() }),
  /** Requests may not load models, and this one is not loaded. */
  MODEL_NOT_LOADED: z.object({ name: z.string() }),
  /** As many requests wait for the model as may. */
  SERVER_BUSY: z.object({ model: z.string(), waiting: z.number() }),
  /** `field`: which part of the request, such as `messages[0].role`; `detail`: what it must be, in English. */
  REQUEST_INVALID: z.object({ field: z.string(), detail: z.string() }),
  /** What the HTTP server refuses before it looks at what is asked. */
  HOST_REFUSED: z.object({ host: z.string() }),
  ORIGIN_REFUSED: z.object({ origin: z.string() }),
  API_KEY_NEEDED: none,
  API_KEY_WRONG: none,
  SCOPE_MISSING: z.object({ scope: z.enum(['inference', 'manage']) }),
  PATH_UNKNOWN: z.object({ path: z.string() }),
  METHOD_REFUSED: z.object({ method: z.string(), path: z.string() }),
  REQUEST_TOO_LARGE: z.object({ maxBytes: z.number() }),
  ENCODING_UNSUPPORTED: z.object({ encoding: z.string() }),
  /** The body came too slowly. */
  REQUEST_TIMEOUT: none,
  /** The log of prompts is switched off. */
  PROMPT_LOG_OFF: none,
  PORT_IN_USE: z.object({ port: z.number() }),
  /** Not an address of this machine, or not allowed. */
  ADDRESS_UNAVAILABLE: z.object({ host: z.string(), reason: z.string() }),
  /** An address that others can reach is served only when there is a key. */
  API_KEY_MISSING: z.object({ host: z.string() }),

  FOLDER_INSIDE_ITSELF: none,
  /** A preset that comes with the app cannot be changed. */
  READ_ONLY_PRESET: z.object({ name: z.string() }),
  /**
   * `unknown`: no format that is known; `refused`: an archive that unpacks to far more than is sensible;
   * `raw-database`: a copy of another app's database files, which only that app can read.
   */
  IMPORT_UNREADABLE: z.object({
    name: z.string(),
    reason: z.enum(['unknown', 'empty', 'damaged', 'refused', 'raw-database', 'too-large']),
  }),
  PRESET_FILE_INVALID: z.object({ fileName: z.string(), detail: z.string() }),

  DISK_FULL: path,
  /** A download needs more than is free where it would be written. */
  NOT_ENOUGH_SPACE: z.object({ path: z.string(), neededBytes: z.number(), availableBytes: z.number() }),

  /** No host of any source can be reached, not even by name. */
  OFFLINE: none,
  HOST_UNREACHABLE: z.object({ host: z.string(), reason: z.string() }),
  /** 401: the token is missing or refused. */
  HUB_UNAUTHORIZED: z.object({ host: z.string(), repository: z.string() }),
  /** 403: the licence must be accepted at `url` first. */
  HUB_GATED: z.object({ repository: z.string(), url: z.string() }),
  HUB_NOT_FOUND: z.object({ host: z.string(), name: z.string() }),
  /** 429, or 5xx after several tries. */
  HUB_BUSY: z.object({ host: z.string(), status: z.number() }),
  /** An answer that makes no sense. */
  HUB_FAILED: z.object({ host: z.string(), detail: z.string() }),
  /** Neither a repository nor an address of a known hub. */
  REFERENCE_INVALID: z.object({ text: z.string() }),
  /** The repository has no GGUF file, or not the one that was named. */
  NO_GGUF: z.object({ repository: z.string() }),
  /** No byte came for a while, again and again. */
  DOWNLOAD_STALLED: z.object({ host: z.string() }),
  /** The bytes are not those the hub promised; what was received was deleted. */
  CHECKSUM_MISMATCH: z.object({ fileName: z.string(), expected: z.string(), actual: z.string() }),
  /** The file on the hub is another one now; what was received was deleted, the download begins anew. */
  FILE_CHANGED: z.object({ fileName: z.string() }),
  UPLOAD_REFUSED: z.object({ name: z.string() }),
  /** Anything unexpected; the log has the rest under `logId`. */
  INTERNAL: z.object({ logId: z.string() }),
} as const

export type ErrorCode = keyof typeof errorData
export type ErrorData<Code extends ErrorCode> = z.infer<(typeof errorData)[Code]>

export const errorCodes = Object.keys(errorData) as [ErrorCode, ...ErrorCode[]]

/** A failure as data: in a stored message, in a load state, in an engine frame. */
export const failureSchema = z.object({
  code: z.enum(errorCodes),
  data: z.record(z.string(), z.unknown()),
})
export type Failure = z.infer<typeof failureSchema>

/** The declared errors of one procedure, for `oc.errors(...)`. */
export function errorsOf<Code extends ErrorCode>(...codes: Code[]) {
  return Object.fromEntries(codes.map((code) => [code, { data: errorData[code] }])) as {
    [K in Code]: { data: (typeof errorData)[K] }
  }
}
