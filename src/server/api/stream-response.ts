/**
 * Answers that come in pieces. Invariants: a piece is asked for when the one before it was sent, so a slow reader
 * holds nothing up but itself; a failure before the first piece is an answer with its own status, a later one
 * the last piece, in the shape of the protocol; a client that leaves ends the source (`return`), and the request's
 * signal (`c.req.raw.signal`) aborts.
 */
import type { Context } from 'hono'
import type { ApiEnv } from './api-env.ts'
import { failedAnswer } from './failed-answer.ts'

export interface ServerSentEvent {
  /** Nameless where the protocol has no names. */
  event?: string
  data: string
}

/** Proxies and clients take a longer silence for the end. */
const silenceMs = 10_000

/** As server-sent events. Comments (`:`) keep the connection alive while nothing comes. */
export function streamEvents(c: Context<ApiEnv>, events: AsyncIterable<ServerSentEvent>): Promise<Response> {
  const hasNames = c.var.protocol !== 'openai'
  return streamed(c, mapped(events, eventText), {
    contentType: 'text/event-stream; charset=utf-8',
    silence: ': waiting\n\n',
    failureText: (body) => eventText({ ...(hasNames && { event: 'error' }), data: JSON.stringify(body) }),
  })
}

/** As lines of JSON. */
export function streamLines(c: Context<ApiEnv>, values: AsyncIterable<object>): Promise<Response> {
  const lineText = (value: object) => `${JSON.stringify(value)}\n`
  const options = { contentType: 'application/x-ndjson', silence: null, failureText: lineText }
  return streamed(c, mapped(values, lineText), options)
}

/** `data` is one line, as JSON is. */
function eventText({ event, data }: ServerSentEvent): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`
}

async function* mapped<From>(source: AsyncIterable<From>, map: (value: From) => string): AsyncGenerator<string> {
  for await (const value of source) yield map(value)
}

interface StreamOptions {
  contentType: string
  /** Sent when nothing came for `silenceMs`; null where the protocol has nothing that means nothing. */
  silence: string | null
  failureText: (body: object) => string
}

async function streamed(c: Context<ApiEnv>, pieces: AsyncGenerator<string>, options: StreamOptions): Promise<Response> {
  const { contentType, silence, failureText } = options
  let next: Promise<IteratorResult<string>> | null = null

  /** null after a silence; then the same piece is still under way. */
  async function takePiece(): Promise<IteratorResult<string> | null> {
    next ??= pieces.next()
    const piece = await (silence === null ? next : beforeSilence(next))
    if (piece !== null) next = null
    return piece
  }

  /** null = it has ended. */
  async function takeText(): Promise<string | null> {
    const piece = await takePiece()
    if (piece === null) return silence
    return piece.done ? null : piece.value
  }

  let unsent: string | null | undefined = await takeText()
  let hasFailed = false
  let hasLeft = false
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const text = unsent === undefined ? await takeText().catch(lastWords) : unsent
      unsent = undefined
      if (hasLeft) return
      if (text !== null) controller.enqueue(encoder.encode(text))
      if (text === null || hasFailed) controller.close()
    },
    cancel() {
      hasLeft = true
      // Queued behind a piece that is under way, which the signal ends.
      void pieces.return(undefined).catch(() => {})
    },
  })
  function lastWords(error: unknown): string {
    hasFailed = true
    return hasLeft || c.req.raw.signal.aborted ? '' : failureText(failedAnswer(c, error).body)
  }
  return c.body(body, 200, { 'content-type': contentType, 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
}

async function beforeSilence<Value>(value: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), silenceMs)
  })
  return Promise.race([value, silence]).finally(() => clearTimeout(timer))
}
