/** The HTTP server for programs: on or off, who may use it, and what it is doing. Its settings are in `settings`. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf, failureSchema } from './errors.ts'

export const apiServerStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off') }),
  z.object({ state: z.literal('starting') }),
  /** `urls`: where it can be reached, the loopback first: `http://127.0.0.1:1234`. */
  z.object({ state: z.literal('on'), urls: z.array(z.string()), needsKey: z.boolean() }),
  /** PORT_IN_USE, ADDRESS_UNAVAILABLE or API_KEY_MISSING. */
  z.object({ state: z.literal('failed'), failure: failureSchema }),
])
export type ApiServerState = z.infer<typeof apiServerStateSchema>

/** `inference`: ask models and list them; `manage`: load, unload, download, create and delete them, and read the log. */
export const apiScopes = ['inference', 'manage'] as const
export type ApiScope = (typeof apiScopes)[number]

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The key's last four characters, to tell it apart. */
  ending: z.string(),
  scopes: z.array(z.enum(apiScopes)),
  createdAt: z.number(),
  /** ms since 1970, a minute's precision; null = never. */
  lastUsedAt: z.number().nullable(),
})
export type ApiKey = z.infer<typeof apiKeySchema>

export const newApiKeySchema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(apiScopes)).min(1),
})
export type NewApiKey = z.infer<typeof newApiKeySchema>

export const apiProtocols = ['openai', 'ollama', 'anthropic', 'yangtuo'] as const
export type ApiProtocol = (typeof apiProtocols)[number]

export const liveRequestSchema = z.object({
  id: z.string(),
  /** null = `yangtuo run` and other clients of the contract. */
  protocol: z.enum(apiProtocols).nullable(),
  /** Such as `/v1/chat/completions`. */
  endpoint: z.string(),
  /** Name of the key, or empty. */
  client: z.string(),
  model: z.string(),
  phase: z.enum(['waiting', 'loading', 'reading', 'writing']),
  /** ms since 1970. */
  startedAt: z.number(),
  promptTokens: z.number().int(),
  answerTokens: z.number().int(),
  /** Of the answer, over its last seconds; null before there is one. */
  tokensPerSecond: z.number().nullable(),
})
export type LiveRequest = z.infer<typeof liveRequestSchema>

export const serverActivitySchema = z.object({
  requests: z.array(liveRequestSchema),
  /** Of all answers together, in each of the last 60 seconds, the newest last. */
  tokensPerSecond: z.array(z.number()),
  /** Since the host started. */
  totals: z.object({ requests: z.number(), failures: z.number(), promptTokens: z.number(), answerTokens: z.number() }),
})
export type ServerActivity = z.infer<typeof serverActivitySchema>

export const requestLogEntrySchema = z.object({
  id: z.string(),
  /** ms since 1970. */
  at: z.number(),
  protocol: z.enum(apiProtocols).nullable(),
  endpoint: z.string(),
  client: z.string(),
  model: z.string(),
  /** Exactly what the model read, with the template's control tokens, and wrote; each cut after 20,000 characters. */
  prompt: z.string(),
  answer: z.string(),
  /** Of the end, or a failure's code. */
  outcome: z.string(),
  promptTokens: z.number().int(),
  answerTokens: z.number().int(),
  totalMs: z.number(),
})
export type RequestLogEntry = z.infer<typeof requestLogEntrySchema>

export const apiServer = {
  watch: oc.output(eventIterator(apiServerStateSchema)),
  /** Remembered. Resolves when it listens, or is off. */
  switch: oc
    .input(z.object({ isOn: z.boolean() }))
    .output(apiServerStateSchema)
    .errors(errorsOf('PORT_IN_USE', 'ADDRESS_UNAVAILABLE', 'API_KEY_MISSING', 'UNSUPPORTED', 'DISK_FULL')),
  listKeys: oc.output(z.array(apiKeySchema)),
  /** `secret` is shown this once; only its hash is kept. */
  createKey: oc
    .input(newApiKeySchema)
    .output(z.object({ key: apiKeySchema, secret: z.string() }))
    .errors(errorsOf('DISK_FULL')),
  removeKey: oc.input(z.object({ keyId: z.string() })),
  /** Now, and again at most twice a second while something changes. */
  watchActivity: oc.output(eventIterator(serverActivitySchema)),
  /** What is kept (the last 200, in memory only), and then each new entry. Empty unless `apiLogsPrompts` is set. */
  watchLog: oc.output(eventIterator(z.array(requestLogEntrySchema))),
  clearLog: oc,
}
