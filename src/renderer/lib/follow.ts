import { ConnectionLost, connected } from './connection.ts'

/**
 * Hands every event of a stream to `onEvent`, and opens the stream again after a lost connection;
 * `open` is called anew each time, so it can ask from where it left off. Resolves when the stream
 * ends by itself or `signal` aborts; rejects with any failure but a lost connection.
 */
export async function follow<Event>(
  open: (signal: AbortSignal | undefined) => Promise<AsyncIterable<Event>>,
  onEvent: (event: Event) => void,
  signal?: AbortSignal,
): Promise<void> {
  while (true) {
    try {
      await connected(signal)
      for await (const event of await open(signal)) {
        if (signal?.aborted) return
        onEvent(event)
      }
      return
    } catch (error) {
      if (signal?.aborted) return
      if (!(error instanceof ConnectionLost)) throw error
    }
  }
}
