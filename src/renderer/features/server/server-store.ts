/** Whether programs are served, who may ask, and what is being asked. */
import { create } from 'zustand'
import type {
  ApiKey,
  ApiServerState,
  NewApiKey,
  RequestLogEntry,
  ServerActivity,
} from '../../../shared/contract/api-server.ts'
import type { NamedModel } from '../../../shared/contract/inference.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { follow } from '../../lib/follow.ts'
import { showFailure } from '../../lib/show-failure.ts'

interface Server {
  server: ApiServerState
  keys: ApiKey[]
  /** null until it is followed. */
  activity: ServerActivity | null
  /** The newest last. */
  log: RequestLogEntry[]
  models: NamedModel[]
}

/** As many as the host keeps. */
const mostLogEntries = 200

export const useServer = create<Server>(() => ({
  server: { state: 'off' },
  keys: [],
  activity: null,
  log: [],
  models: [],
}))

export function followServer(signal: AbortSignal): Promise<void> {
  return follow(
    (signal) => client.apiServer.watch(undefined, { signal }),
    (server) => useServer.setState({ server }),
    signal,
  )
}

export function followActivity(signal: AbortSignal): Promise<void> {
  return follow(
    (signal) => client.apiServer.watchActivity(undefined, { signal }),
    (activity) => useServer.setState({ activity }),
    signal,
  )
}

/** What is kept, and then each new entry. */
export function followLog(signal: AbortSignal): Promise<void> {
  return follow(
    (signal) => {
      useServer.setState({ log: [] })
      return client.apiServer.watchLog(undefined, { signal })
    },
    (entries) => useServer.setState(({ log }) => ({ log: [...log, ...entries].slice(-mostLogEntries) })),
    signal,
  )
}

/** What keeps the server from starting is its state, and shown as that. */
const toldByState: string[] = ['PORT_IN_USE', 'ADDRESS_UNAVAILABLE', 'API_KEY_MISSING']

export async function switchServer(isOn: boolean): Promise<void> {
  await client.apiServer.switch({ isOn }).catch((error: unknown) => {
    if (!toldByState.includes(failureOf(error).code)) showFailure(error)
  })
}

export async function readKeys(): Promise<void> {
  useServer.setState({ keys: await client.apiServer.listKeys() })
}

/** What programs can name. */
export async function readNamedModels(): Promise<void> {
  useServer.setState({ models: await client.inference.models() })
}

/** The secret, or what went wrong. */
export async function createKey(input: NewApiKey) {
  try {
    const { secret } = await client.apiServer.createKey(input)
    await readKeys()
    return { secret }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

export async function removeKey(keyId: string): Promise<void> {
  await client.apiServer.removeKey({ keyId }).then(readKeys, showFailure)
}

export async function clearLog(): Promise<void> {
  await client.apiServer.clearLog().then(() => useServer.setState({ log: [] }), showFailure)
}
