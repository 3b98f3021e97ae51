/**
 * How a service tells everyone who watches it: oRPC's publisher, with what a watcher needs besides:
 * the state first, and an end without an error when the watcher leaves (a thrown abort would
 * surface as an unhandled rejection in the message-port adapter).
 */
import { AsyncIteratorClass, EventPublisher } from '@orpc/server'

export class EventStream<Event extends object> {
  // No event is ever dropped: a watcher that missed one would show something wrong until it restarts.
  readonly #publisher = new EventPublisher<{ event: Event }>({ maxBufferedEvents: Infinity })

  publish(event: Event): void {
    this.#publisher.publish('event', event)
  }

  /** Calls it with every event, at once and for good. */
  listen(listener: (event: Event) => void): void {
    this.#publisher.subscribe('event', listener)
  }

  /** `first`, which is taken now, and then every event published after it, until `signal` aborts. */
  watch(first: Event, signal?: AbortSignal): AsyncIteratorClass<Event, void, void> {
    return this.watchAfter([first].values(), signal)
  }

  /** Like `watch`, with several events first, each made when it is asked for: newer than what is published meanwhile. */
  watchAfter(
    firsts: Iterator<Event> | AsyncIterator<Event>,
    signal?: AbortSignal,
  ): AsyncIteratorClass<Event, void, void> {
    const events = this.#publisher.subscribe('event')
    const end = () => void events.return(undefined)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
    return new AsyncIteratorClass<Event, void, void>(
      async () => {
        const first = await firsts.next()
        return first.done ? (events.next() as Promise<IteratorResult<Event, void>>) : first
      },
      async () => {
        signal?.removeEventListener('abort', end)
        await events.return(undefined)
      },
    )
  }
}
