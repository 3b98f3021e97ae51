/** A server that outlives the command that started it, and how it is ended. */
import { spawn } from 'node:child_process'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fill } from '../../shared/texts/fill.ts'
import { connectToHost, isAlive } from '../../server/control/connect-to-host.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'

const startTimeoutMs = 30_000
/** It takes 12 s at most. */
const stopTimeoutMs = 15_000
const pollMs = 100

/** Resolves when commands can reach it. Rejects with what it said if it ends instead. */
export async function startInBackground(context: CommandContext): Promise<void> {
  const { dataDirectory, entryPath, signal, texts } = context
  const logs = join(dataDirectory, 'logs')
  await mkdir(logs, { recursive: true })
  // Its log goes to the log file anyway; this is for what it says when it cannot start.
  const outputPath = join(logs, 'serve.out')
  const output = await open(outputPath, 'w')
  const child = spawn(process.execPath, [entryPath, 'serve', '--data-dir', dataDirectory], {
    detached: true,
    stdio: ['ignore', 'ignore', output.fd],
    windowsHide: true,
  })
  child.unref()
  await output.close()
  const giveUpAt = Date.now() + startTimeoutMs
  let hasEnded = false
  child.once('exit', () => (hasEnded = true))
  for (;;) {
    const connection = await connectToHost(dataDirectory)
    if (connection && connection.host.pid === child.pid) {
      const url = await urlOf(connection.client)
      connection.close()
      context.note(fill(texts.serve.started, { pid: String(child.pid), url }))
      return
    }
    connection?.close()
    if (hasEnded || Date.now() > giveUpAt || signal.aborted) {
      child.kill()
      signal.throwIfAborted()
      throw new CommandFailure(fill(texts.serve.startFailed, { output: (await readFile(outputPath, 'utf8')).trim() }))
    }
    await sleep(pollMs)
  }
}

async function urlOf(client: NonNullable<Awaited<ReturnType<typeof connectToHost>>>['client']): Promise<string> {
  for await (const state of await client.apiServer.watch()) {
    return state.state === 'on' ? state.urls[0]! : state.state
  }
  return ''
}

/** Resolves when it is gone. */
export async function stopServer(context: CommandContext): Promise<void> {
  const { dataDirectory, signal, texts } = context
  const connection = await connectToHost(dataDirectory)
  if (!connection) return context.note(texts.serve.notRunning)
  connection.close()
  const { kind, pid } = connection.host
  const names = { pid: String(pid) }
  if (kind === 'app' || kind === 'command') throw new CommandFailure(fill(texts.serve.stopApp, names))
  process.kill(pid, 'SIGTERM')
  const giveUpAt = Date.now() + stopTimeoutMs
  while (isAlive(pid)) {
    if (Date.now() > giveUpAt) throw new CommandFailure(fill(texts.serve.stopSlow, names))
    await sleep(pollMs, undefined, { signal })
  }
  context.print(texts.serve.stopped)
}
