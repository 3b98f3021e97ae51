import { utilityProcess } from 'electron'
import type { EngineStarter } from '../core/engine/engine-starter.ts'
import { logOutput } from '../core/engine/node-engine-starter.ts'
import type { Log } from '../core/ports.ts'
import type { EngineEvent } from '../shared/engine/messages.ts'

/**
 * Starts engines as Electron utility processes; only after `ready`. `UV_THREADPOOL_SIZE=1` as in the
 * Node starter. `exit` is the only truth about their end.
 */
export function utilityEngineStarter(entryPath: string, log: Log): EngineStarter {
  return () => {
    const child = utilityProcess.fork(entryPath, [], {
      serviceName: 'Yangtuo engine',
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      stdio: 'pipe',
    })
    if (child.stdout) logOutput(child.stdout, log)
    if (child.stderr) logOutput(child.stderr, log)
    child.on('error', (type, location) => log.error('The engine process failed', { type, location }))
    const { promise: exited, resolve: onExit } = Promise.withResolvers<number | string>()
    child.once('exit', onExit)
    return {
      get pid() {
        return child.pid
      },
      send: (request) => child.postMessage(request),
      onEvent: (listener) => child.on('message', (event: EngineEvent) => listener(event)),
      onExit: (listener) => void exited.then(listener),
      // Electron's own kill is a SIGTERM, which a native call that hangs never sees.
      kill: () => {
        if (child.pid === undefined) child.kill()
        else process.kill(child.pid, 'SIGKILL')
      },
    }
  }
}
