import { expect, test } from 'vitest'
import { EventStream } from './event-stream.ts'

// Bug: what happens between the snapshot and the first pull is lost, so a list stays wrong.
test('brings the first event and misses nothing after it', async () => {
  const stream = new EventStream<{ n: number }>()
  const watcher = stream.watch({ n: 0 })
  for (let n = 1; n <= 200; n++) stream.publish({ n })
  const seen: number[] = []
  for await (const { n } of watcher) {
    seen.push(n)
    if (n === 200) break
  }
  expect(seen).toEqual(Array.from({ length: 201 }, (_, n) => n))
})

// Bug: a client that goes away leaves a pull that rejects; the message-port adapter lets that crash the host.
test('ends without an error when the watcher goes away in the middle of a pull', async () => {
  const stream = new EventStream<{ n: number }>()
  const watching = new AbortController()
  const watcher = stream.watch({ n: 0 }, watching.signal)
  await watcher.next()
  const pull = watcher.next()
  watching.abort()
  expect(await pull).toEqual({ done: true, value: undefined })
})

test('is over at once for a watcher that has gone before', async () => {
  const watcher = new EventStream<{ n: number }>().watch({ n: 0 }, AbortSignal.abort())
  await watcher.next()
  expect((await watcher.next()).done).toBe(true)
})
