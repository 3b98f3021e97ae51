import type { ErrorData } from '../../shared/contract/errors.ts'

/** A file that cannot be imported at all; becomes IMPORT_UNREADABLE with its name. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
  readonly reason: ErrorData<'IMPORT_UNREADABLE'>['reason']

  constructor(reason: ErrorData<'IMPORT_UNREADABLE'>['reason'], options?: ErrorOptions) {
    super(`The file cannot be imported: ${reason}`, options)
    this.reason = reason
  }
}
