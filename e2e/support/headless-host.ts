/** Starts the built headless host on a data folder, as a person would, and can kill it the hard way. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const entry = resolve(import.meta.dirname, '../../out/main/headless.js')

export interface HeadlessHost {
  /** What the host printed: the address with the session's token. */
  address: string
  process: ChildProcess
  /** Process ids of its children, the engines. */
  enginePids(): Promise<number[]>
  /** Ends it in order, as Ctrl-C does. */
  stop(): Promise<void>
  /** Ends it as a power cut would; its engines notice and end too. */
  kill(): Promise<void>
}

/** `environment` is added to the process's own. */
export async function startHeadlessHost(
  dataDirectory: string,
  environment: Record<string, string> = {},
): Promise<HeadlessHost> {
  const child = spawn(process.execPath, [entry, '--data-dir', dataDirectory], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const address = await new Promise<string>((found, failed) => {
    lines.on('line', (line) => {
      const match = /http:\/\/\S+/.exec(line)
      if (match) found(match[0])
    })
    child.once('exit', (code) => failed(new Error(`The headless host ended with ${code} before it printed its address.`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return {
    address,
    process: child,
    enginePids: () => childrenOf(child.pid!),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** From /proc, so on Linux only; elsewhere none. */
async function childrenOf(parentPid: number): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(join('/proc', pid, 'stat'), 'utf8').catch(() => '')
      // Field 4, counted behind the command name, which may hold spaces and parentheses.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parentPid ? Number(pid) : null
    }),
  )
  return found.filter((pid) => pid !== null)
}
