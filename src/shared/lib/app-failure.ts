import type { ErrorCode, ErrorData, Failure } from '../contract/errors.ts'

/** The one error class that core throws on purpose: a code of the contract and its data. */
export class AppFailure<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppFailure'
  readonly code: Code
  readonly data: ErrorData<Code>

  constructor(code: Code, data: ErrorData<Code>) {
    super(`${code} ${JSON.stringify(data)}`)
    this.code = code
    this.data = data
  }

  toFailure(): Failure {
    return { code: this.code, data: this.data }
  }

  static fromFailure(failure: Failure): AppFailure {
    return new AppFailure(failure.code, failure.data as never)
  }
}
