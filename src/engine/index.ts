/**
 * The engine process: holds one model and answers the calls of `EngineCalls`. As many answers run
 * at the same time as the model has slots; counting and stopping never wait. node-llama-cpp is
 * imported only when a call needs it, so that the process is up at once.
 */
import { randomUUID } from 'node:crypto'
import type { Llama } from 'node-llama-cpp'
import type { Settings } from '../shared/contract/settings.ts'
import type { EngineCallName, EngineCalls, EngineRequest } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { checkAnswerFormat } from './answer-grammar.ts'
import { AnswerRun } from './answer-run.ts'
import { AnswerTokensRun } from './answer-tokens.ts'
import { countPrompt, countText, inspectPrompt } from './count-prompt.ts'
import type { Embedder } from './embedder.ts'
import { estimate } from './estimate.ts'
import { openHostPort } from './host-port.ts'
import { inspectModel } from './inspect-model.ts'
import { loadModel } from './load-model.ts'
import type { LoadedModel } from './loaded-model.ts'
import { machine, measureMemory } from './machine.ts'
import { measureThreads } from './measure-threads.ts'
import { modelDetails } from './model-details.ts'
import { NativeLog } from './native-log.ts'
import { previewTemplate } from './preview-template.ts'
import { SavedStates } from './saved-states.ts'
import { Slots } from './slots.ts'
import { startLlama } from './start-llama.ts'

const progressIntervalMs = 50
/** After the last answer, until the states of chats are saved. */
const idleMs = 20_000

const port = openHostPort()
const log = new NativeLog(port.send)
const stoppable = new Map<number, { stop(): void }>()
/** By the back end that was asked for. One is enough: the library has one logger for all, and a second takes it away. */
const llamas = new Map<Settings['gpu'], Promise<Llama>>()
let loaded: { model: LoadedModel; slots: Slots; states: SavedStates; embedder: Embedder } | undefined
let idleTimer: NodeJS.Timeout | undefined

type Calls = {
  [Name in EngineCallName]: (input: EngineCalls[Name]['input'], id: number) => Promise<EngineCalls[Name]['output']>
}

const calls: Calls = {
  inspect: ({ path }) => inspectModel(path),
  details: async ({ path }) => modelDetails(path),

  machine: async ({ gpu }) => machine(await llamaFor(gpu)),
  estimate: async ({ target, gpu, settings, automaticSlots }) =>
    estimate(await llamaFor(gpu), target, settings, automaticSlots),
  measureMemory: () => measureMemory(),

  previewTemplate: ({ path, template }) => previewTemplate(path, template),

  async load(request, id) {
    let reportedAt = 0
    const result = await loadModel(request, () => llamaFor(request.gpu), log, (fraction) => {
      if (performance.now() - reportedAt < progressIntervalMs) return
      reportedAt = performance.now()
      port.send({ type: 'load-progress', id, fraction })
    })
    const { context, slots } = result.loaded
    const states = new SavedStates({
      context,
      slots,
      onSaved: (state) => port.send({ type: 'state-saved', state }),
      warn: (text) => port.send({ type: 'log', level: 'warn', text }),
    })
    loaded = { model: result.loaded, slots: new Slots(slots), states, embedder: result.embedder }
    return result.runtime
  },

  generate({ statePlace, ...request }, id) {
    const { model, slots, states } = theLoaded()
    const run = new AnswerRun(request, {
      onText: (text) => port.send({ type: 'text', id, text, answerTokens: run.answerTokens }),
      onToken: (token) => port.send({ type: 'token', id, token }),
      onPromptText: (text) => port.send({ type: 'prompt-text', id, text }),
      onPromptProgress: (readTokens, totalTokens) =>
        port.send({ type: 'prompt-progress', id, readTokens, totalTokens }),
    })
    stoppable.set(id, run)
    clearTimeout(idleTimer)
    void slots.use(request.prompt, async (slot) => {
      await states.prepare(slot, request.prompt, statePlace)
      await slots.share(slot)
      await run.run(model, slot)
    })
    return run.result.finally(() => {
      stoppable.delete(id)
      clearTimeout(idleTimer)
      // While others run, those who come would wait for the saving, and that for all who run.
      if (stoppable.size > 0) return
      idleTimer = setTimeout(() => void slots.useAll(() => states.saveGrown()), idleMs).unref()
    })
  },

  async saveStates() {
    const { slots, states } = theLoaded()
    await slots.useAll(() => states.saveAll())
  },

  answerTokens(input, id) {
    const { model, slots, states } = theLoaded()
    const run = new AnswerTokensRun(input)
    stoppable.set(id, run)
    void slots.use(input.prompt, async (slot) => {
      await states.prepare(slot, input.prompt)
      await slots.share(slot)
      await run.run(model, slot)
    })
    return run.result.finally(() => stoppable.delete(id))
  },

  embed({ texts }, id) {
    const { embedder } = theLoaded()
    const stop = new AbortController()
    stoppable.set(id, { stop: () => stop.abort() })
    return embedder.embed(texts, stop.signal).finally(() => stoppable.delete(id))
  },

  checkFormat: async ({ format }) => checkAnswerFormat(loaded?.model.model.llama ?? (await llamaFor('cpu')), format),

  countPrompt: async ({ prompt }) => countPrompt(theLoaded(), prompt),
  inspectPrompt: async ({ prompt }) => inspectPrompt(theLoaded(), prompt),
  countText: async ({ text }) => countText(theLoaded(), text),

  measureThreads({ threadCounts }) {
    const { model, slots } = theLoaded()
    return slots.useAll(() => measureThreads(model.model, threadCounts))
  },
}

function llamaFor(gpu: Settings['gpu']): Promise<Llama> {
  const llama = llamas.get(gpu) ?? startLlama(gpu, log)
  llamas.set(gpu, llama)
  return llama
}

function theLoaded() {
  if (!loaded) throw new Error('No model is loaded')
  return loaded
}

async function answer({ id, name, input }: Extract<EngineRequest, { type: 'call' }>): Promise<void> {
  try {
    const call = calls[name] as (input: unknown, id: number) => Promise<unknown>
    port.send({ type: 'result', id, value: await call(input, id) })
  } catch (error) {
    port.send({ type: 'failure', id, failure: failureOf(error).toFailure() })
  }
}

function failureOf(error: unknown): AppFailure {
  if (error instanceof AppFailure) return error
  const logId = randomUUID()
  port.send({ type: 'log', level: 'error', text: `${logId} ${error instanceof Error ? error.stack : error}` })
  return new AppFailure('INTERNAL', { logId })
}

// Standard error goes to the log of the process that started this one.
function dieOf(error: unknown): never {
  console.error(error)
  process.exit(1)
}
process.on('uncaughtException', dieOf)
process.on('unhandledRejection', dieOf)

port.onRequest((request) => {
  if (request.type === 'stop') stoppable.get(request.id)?.stop()
  else void answer(request)
})
port.send({ type: 'started' })
