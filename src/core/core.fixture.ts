/**
 * A whole core for a test, as a host has it: real database, real engine processes, and a client that
 * speaks the contract over a message port. Everything lies in a temporary folder.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { RPCHandler } from '@orpc/server/message-port'
import { RANDOM_MODEL_PRESETS, writeRandomModel } from '../../build/gguf/random-model.ts'
import type { Message } from '../shared/contract/chats.ts'
import type { RunEvent } from '../shared/contract/generation.ts'
import type { contract } from '../shared/contract/index.ts'
import type { LoadState } from '../shared/contract/models.ts'
import { createCore } from './create-core.ts'
import { nodeEngineStarter } from './engine/node-engine-starter.ts'
import type { EngineStarter } from './engine/engine-starter.ts'
import type { CorePorts, Log } from './ports.ts'

export type Client = ContractRouterClient<typeof contract>

export const demoModelPath = resolve('resources/demo-model/yangtuo-demo.gguf')

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** Engine processes, as the headless host starts them from the source. */
export const startEngine: EngineStarter = nodeEngineStarter(resolve('src/engine/index.ts'), silentLog)

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'yangtuo-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export function testPorts(dataDirectory: string, ports: Partial<CorePorts> = {}): CorePorts {
  return {
    dataDirectory,
    modelsDirectory: join(dataDirectory, 'models'),
    bundledModelPath: demoModelPath,
    catalogDirectory: resolve('resources/catalog'),
    versions: { app: '0.0.0', node: process.version, electron: null, nodeLlamaCpp: '0.0.0' },
    startEngine,
    downloadWorkerPath: resolve('src/core/downloads/download-worker.ts'),
    interchangeWorkerPath: resolve('src/core/interchange/interchange-worker.ts'),
    log: silentLog,
    capabilities: { fileDialog: false, revealFile: false, trash: false, uploadUrl: null },
    ...ports,
  }
}

export async function startCore(ports: CorePorts): Promise<{ client: Client; close: () => Promise<void> }> {
  const core = await createCore(ports)
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(core.router).upgrade(port1)
  const client: Client = createORPCClient(new RPCLink({ port: port2 }))
  port1.start()
  port2.start()
  return {
    client,
    close: async () => {
      await core.close()
      port1.close()
      port2.close()
    },
  }
}

export const endlessContextSize = 8192

/** A model that talks nonsense until its context is full. Another `seed` makes another file. */
export function writeEndlessModel(path: string, seed = 1): void {
  writeRandomModel(path, { ...RANDOM_MODEL_PRESETS.tiny, context: endlessContextSize, seed })
}

/** All events of one viewer, to the end. */
export async function follow(client: Client, answerId: string, offset = 0): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of await client.generation.attach({ answerId, offset })) events.push(event)
  return events
}

/** Sends a question and waits for the answer as it was saved. */
export async function ask(client: Client, chatId: string, parentId: string | null, text: string): Promise<Message> {
  const { answerIds } = await client.generation.send({ chatId, parentId, text })
  return endOf(await follow(client, answerIds[0]!))
}

export function endOf(events: RunEvent[]): Message {
  const ends = events.filter((event) => event.type === 'end')
  if (ends.length !== 1 || events.at(-1) !== ends[0]) throw new Error(`not one end: ${JSON.stringify(events)}`)
  return ends[0]!.message
}

export function textOf(events: RunEvent[]): string {
  return events.reduce((text, event) => (event.type === 'text' ? text.slice(0, event.offset) + event.text : text), '')
}

/** Resolves when a viewer of the answer has been given some text. */
export async function firstText(client: Client, answerId: string): Promise<string> {
  for await (const event of await client.generation.attach({ answerId, offset: 0 })) {
    if (event.type === 'text') return event.text
  }
  throw new Error('the answer ended without text')
}

/** Resolves when the model has reached one of the states. */
export async function loadReaches(
  client: Client,
  modelId: string,
  ...states: LoadState['state'][]
): Promise<LoadState> {
  for await (const event of await client.models.watch()) {
    let load: LoadState | undefined
    if (event.type === 'models') load = event.loads[modelId]
    else if (event.type === 'load-changed' && event.modelId === modelId) load = event.load
    if (load && states.includes(load.state)) return load
  }
  throw new Error('the stream of model events ended')
}
