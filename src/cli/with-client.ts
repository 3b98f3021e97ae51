/**
 * Gives a command the application: that of the process that has the data folder open, else one of its own, which
 * ends with the command. Other commands find it meanwhile, and it waits for them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseUnusableError } from '../core/database/database-error.ts'
import { connectToHost, type HostClient, type HostConnection } from '../server/control/connect-to-host.ts'
import type { CommandContext } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { unlessAborted } from './interrupts.ts'
import type { OwnCore } from './own-core.ts'

/** For a process that has the folder open and cannot be reached: it is starting, or ending. */
const openTimeoutMs = 15_000
const retryMs = 100

type Work<T> = (client: HostClient) => Promise<T>

/** Rejects with an AbortError when the command is to end, once `work` has ended too. */
export async function withClient<T>(context: CommandContext, work: Work<T>): Promise<T> {
  const opened = await open(context)
  return 'host' in opened ? withConnection(context, opened, work) : withOwnCore(context, opened, work)
}

/** Like `withClient`, but with the process that has the folder open only; null if there is none. */
export async function withHost<T>(context: CommandContext, work: Work<T>): Promise<T | null> {
  const connection = await connectToHost(context.dataDirectory)
  return connection && withConnection(context, connection, work)
}

async function open(context: CommandContext): Promise<HostConnection | OwnCore> {
  const giveUpAt = Date.now() + openTimeoutMs
  for (;;) {
    const connection = await connectToHost(context.dataDirectory)
    if (connection) return connection
    try {
      const { openOwnCore } = await import('./own-core.ts')
      return await openOwnCore(context.dataDirectory, context.entryPath)
    } catch (error) {
      const mayPass = error instanceof DatabaseUnusableError && error.reason === 'in-use' && Date.now() < giveUpAt
      if (!mayPass) throw error
      await sleep(retryMs, undefined, { signal: context.signal })
    }
  }
}

async function withConnection<T>(context: CommandContext, connection: HostConnection, work: Work<T>): Promise<T> {
  try {
    return await workWith(context, connection.client, work)
  } catch (error) {
    if (connection.ended.aborted && !context.signal.aborted) throw new CommandFailure(context.texts.hostLost)
    throw error
  } finally {
    connection.close()
  }
}

async function withOwnCore<T>(context: CommandContext, core: OwnCore, work: Work<T>): Promise<T> {
  try {
    return await workWith(context, core.client, work)
  } finally {
    if (core.otherClients() > 0 && !context.signal.aborted) {
      context.note(context.texts.othersWork)
      await unlessAborted(core.idle(), context.signal).catch(() => {})
    }
    await core.close()
  }
}

async function workWith<T>(context: CommandContext, client: HostClient, work: Work<T>): Promise<T> {
  const { language } = await unlessAborted(client.settings.get(), context.signal)
  if (language !== 'system') context.setLanguage(language)
  const result = await work(client)
  context.signal.throwIfAborted()
  return result
}
