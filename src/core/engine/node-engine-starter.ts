import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { EngineEvent } from '../../shared/engine/messages.ts'
import type { Log } from '../ports.ts'
import type { EngineStarter } from './engine-starter.ts'

/** A native abort prints a few lines; a library gone wild must not fill the log. */
const maxOutputLines = 200

/**
 * Starts engines by forking `entryPath` (the built engine.js, or src/engine/index.ts) with the
 * running Node. `UV_THREADPOOL_SIZE=1` keeps the pool from waking against llama.cpp's spinning
 * threads, which costs half of the speed and more; it can only be set before the start.
 */
export function nodeEngineStarter(entryPath: string, log: Log): EngineStarter {
  return () => {
    const child = fork(entryPath, [], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    logOutput(child.stdout!, log)
    logOutput(child.stderr!, log)
    const { promise: exited, resolve: onExit } = Promise.withResolvers<number | string>()
    child.on('error', (error) => {
      log.error('The engine process failed', { reason: error.message })
      if (child.pid === undefined) onExit(error.message)
    })
    child.on('exit', (code, signal) => onExit(signal ?? code ?? 'unknown'))
    return {
      get pid() {
        return child.pid
      },
      send: (request) => {
        if (child.connected) child.send(request)
      },
      onEvent: (listener) => child.on('message', (event) => listener(event as EngineEvent)),
      onExit: (listener) => void exited.then(listener),
      kill: () => child.kill('SIGKILL'),
    }
  }
}

/** Reads an engine's native output to the end, as it must be, and logs its first lines. */
export function logOutput(stream: NodeJS.ReadableStream, log: Log): void {
  let lines = 0
  createInterface({ input: stream }).on('line', (line) => {
    if (++lines <= maxOutputLines) log.warn(line, { source: 'engine' })
  })
}
