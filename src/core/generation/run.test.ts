import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../shared/contract/chats.ts'
import type { RunEvent } from '../../shared/contract/generation.ts'
import { Run } from './run.ts'

const running: Message = {
  id: 'answer',
  chatId: 'chat',
  parentId: 'question',
  role: 'assistant',
  text: '',
  status: 'running',
  failure: null,
  runCard: null,
  attachments: [],
  summary: null,
  isCompared: false,
  createdAt: 0,
}

function ended(run: Run): Message {
  return { ...running, text: run.text, status: 'complete' }
}

/** A viewer that reads `offset` on, with a pause of so many turns of the event loop after each event. */
async function view(run: Run, offset: number, pauses: number[]): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of run.attach(offset)) {
    events.push(event)
    for (let turn = pauses[events.length % pauses.length] ?? 0; turn > 0; turn--) await new Promise(setImmediate)
  }
  return events
}

// Bug: a viewer that attaches or reads at a bad moment gets a piece twice or not at all, or two ends.
test('every viewer gets the text after its offset, once, in order, and one end', async () => {
  const viewer = fc.record({
    attachesAfter: fc.nat(20),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    pauses: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
  })
  const pieces = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(viewer, { minLength: 1, maxLength: 4 }), async (texts, viewers) => {
      const run = new Run(running)
      const views = viewers.map(() => ({ offset: 0, events: Promise.resolve<RunEvent[]>([]) }))
      for (let step = 0; step <= texts.length; step++) {
        viewers.forEach(({ attachesAfter, share, pauses }, index) => {
          if (Math.min(attachesAfter, texts.length) !== step) return
          const offset = Math.floor(share * run.text.length)
          views[index] = { offset, events: view(run, offset, pauses) }
        })
        await new Promise(setImmediate)
        if (step < texts.length) run.append(texts[step]!)
      }
      run.end(ended(run))
      for (const { offset, events } of views) {
        let text = run.text.slice(0, offset)
        for (const event of await events) {
          if (event.type !== 'text') continue
          expect(event.offset).toBe(text.length)
          text += event.text
        }
        expect(text).toBe(texts.join(''))
        expect((await events).filter(({ type }) => type === 'end')).toHaveLength(1)
        expect((await events).at(-1)).toEqual({ type: 'end', message: ended(run) })
      }
    }),
  )
})

// Bug: a slow viewer has every piece queued for it.
test('a slow viewer gets all that waited as one piece', async () => {
  const run = new Run(running)
  const viewer = run.attach(0)
  run.append('a')
  await viewer.next() // the phase
  for (const letter of 'bcdefgh') run.append(letter)
  expect((await viewer.next()).value).toEqual({ type: 'text', offset: 0, text: 'abcdefgh' })
})

test('tells the phase that holds now, and each later one', async () => {
  const run = new Run(running)
  run.setPhase({ phase: 'waiting' })
  const reading = { phase: 'reading', readTokens: 0, totalTokens: 9 } as const
  run.setPhase(reading)
  const viewer = run.attach(0)
  expect((await viewer.next()).value).toEqual({ type: 'phase', phase: reading })
  run.append('x')
  expect((await viewer.next()).value).toEqual({ type: 'phase', phase: { phase: 'writing' } })
  expect((await viewer.next()).value).toEqual({ type: 'text', offset: 0, text: 'x' })
})

test('of an answer that is over, brings the rest of the text and the end, without waiting', async () => {
  const run = new Run({ ...running, text: 'hello', status: 'stopped' })
  expect(await view(run, 2, [0])).toEqual([
    { type: 'text', offset: 2, text: 'llo' },
    { type: 'end', message: { ...running, text: 'hello', status: 'stopped' } },
  ])
})

// Bug: a viewer that was ahead of the disk when the app was killed waits for text it will never get.
test('an offset beyond the text counts as its end', async () => {
  const run = new Run({ ...running, text: 'hello', status: 'interrupted' })
  expect((await view(run, 99, [0])).map(({ type }) => type)).toEqual(['end'])
})

// Bug: leaving stops the run, or a viewer that left keeps waiting inside.
test('a viewer that leaves ends its stream and nothing else', async () => {
  const run = new Run(running)
  const viewing = new AbortController()
  const viewer = run.attach(0, viewing.signal)
  const pull = viewer.next()
  viewing.abort()
  expect((await pull).done).toBe(true)
  expect(run.signal.aborted).toBe(false)
})
