import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineEvent, EngineRequest } from '../../shared/engine/messages.ts'
import { defaultSampling } from '../../shared/lib/sampling.ts'
import { EngineClient } from './engine-client.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A process that does only what a test tells it to. */
function start() {
  const sent: EngineRequest[] = []
  const logged: string[] = []
  const listeners = { event: (_: EngineEvent) => {}, exit: (_: string) => {} }
  const emit = (event: EngineEvent) => listeners.event(event)
  const exit = (reason: string) => listeners.exit(reason)
  const kill = vi.fn(() => exit('SIGKILL'))
  const client = new EngineClient({
    process: {
      pid: 1,
      send: (request) => sent.push(request),
      onEvent: (listener) => (listeners.event = listener),
      onExit: (listener) => (listeners.exit = listener),
      kill,
    },
    modelName: 'test',
    log: { info: () => {}, warn: (text) => logged.push(text), error: () => {} },
  })
  return { client, sent, logged, kill, emit, exit }
}

const request = { prompt: { messages: [] }, sampling: defaultSampling }

test('a process that does not start in 10 s is killed', async () => {
  const { client, kill } = start()
  const started = expect(client.started).rejects.toMatchObject({ code: 'ENGINE_CRASHED' })
  vi.advanceTimersByTime(9_999)
  expect(kill).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(kill).toHaveBeenCalledOnce()
  await started
})

test('a stopped call that does not end in 3 s kills the process; one that does, does not', async () => {
  const { client, sent, kill, emit } = start()
  emit({ type: 'started' })
  const stop = new AbortController()
  const obedient = client.call('generate', request, { signal: stop.signal })
  stop.abort()
  expect(sent.at(-1)).toEqual({ type: 'stop', id: 1 })
  emit({ type: 'result', id: 1, value: { stopReason: 'stopped' } })
  await obedient
  vi.advanceTimersByTime(20_000)
  expect(kill).not.toHaveBeenCalled()
  const deaf = client.call('generate', request, { signal: AbortSignal.abort() })
  const failed = expect(deaf).rejects.toMatchObject({ code: 'ENGINE_CRASHED', data: { reason: 'SIGKILL' } })
  vi.advanceTimersByTime(3_000)
  expect(kill).toHaveBeenCalledOnce()
  await failed
})

test('the end of the process fails what is pending and what comes later, and nothing more is heard', async () => {
  const { client, emit, exit } = start()
  const onEvent = vi.fn()
  const pending = client.call('generate', request, { onEvent })
  const crash = { code: 'ENGINE_CRASHED', data: { model: 'test', reason: '134' } }
  const failed = expect(pending).rejects.toMatchObject(crash)
  exit('134')
  emit({ type: 'text', id: 1, answerTokens: 1, text: 'late' })
  emit({ type: 'result', id: 1, value: {} })
  await failed
  expect(onEvent).not.toHaveBeenCalled()
  await expect(client.call('countPrompt', { prompt: { messages: [] } })).rejects.toMatchObject(crash)
})

test('a library that logs without end is cut off', () => {
  const { logged, emit } = start()
  for (let line = 0; line < 2000; line++) emit({ type: 'log', level: 'warn', text: 'again' })
  expect(logged).toHaveLength(501)
})
