import type { EngineEvent, EngineRequest } from '../../shared/engine/messages.ts'

/** A started engine process. When `onExit` has been called, nothing more arrives and `send` does nothing. */
export interface EngineProcess {
  /** The system's process id; undefined until it runs. */
  readonly pid: number | undefined
  send(request: EngineRequest): void
  onEvent(listener: (event: EngineEvent) => void): void
  /** Called exactly once, with the exit code or the signal's name, such as `SIGKILL`. */
  onExit(listener: (reason: number | string) => void): void
  /** Ends it at once (SIGKILL): a native call that hangs hears nothing else. */
  kill(): void
}

/** How a host starts an engine process: `utilityProcess` in Electron, `fork` in Node. */
export type EngineStarter = () => EngineProcess
