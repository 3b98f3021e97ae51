import type { EngineEvent, EngineRequest } from '../shared/engine/messages.ts'

/** The line to the process that started this one. */
export interface HostPort {
  send(event: EngineEvent): void
  onRequest(listener: (request: EngineRequest) => void): void
}

/** Electron's end of a `utilityProcess`. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

export function openHostPort(): HostPort {
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      send: (event) => parentPort.postMessage(event),
      onRequest: (listener) => parentPort.on('message', ({ data }) => listener(data as EngineRequest)),
    }
  }
  // Electron ends its children with itself; a forked one has to notice. An orderly exit could wait
  // for native threads, so it is a hard one.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  // A terminal sends Ctrl-C to all processes that were started from it. What ends is the host's to say.
  process.on('SIGINT', () => {})
  return {
    send: (event) => {
      if (process.connected) process.send?.(event)
    },
    onRequest: (listener) => process.on('message', (message) => listener(message as EngineRequest)),
  }
}
