/** What the process ends with; `--help` tells the same. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  /** It was looked at, and the answer is no: a model does not fit, the doctor found a problem. */
  no: 3,
  /** By Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const

/** Ends the command; `message` is a sentence for the person, or empty if all has been said. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message)
    this.exitCode = exitCode
  }
}
