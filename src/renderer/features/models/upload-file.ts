import type { Failure } from '../../../shared/contract/errors.ts'
import { ConnectionLost } from '../../lib/connection.ts'

/** The host answered the upload with a failure of the contract. */
export class UploadFailed extends Error {
  override readonly name = 'UploadFailed'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.code)
    this.failure = failure
  }
}

/**
 * Sends a file to the host and returns its path there. Fails with `UploadFailed`, `ConnectionLost`,
 * or the signal's reason. An XMLHttpRequest, because fetch does not tell how much was sent.
 */
export function uploadFile(
  uploadUrl: string,
  file: File,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `${uploadUrl}?name=${encodeURIComponent(file.name)}`)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const answer: { path: string } | Failure | null = request.response
      if (answer && 'path' in answer) resolve(answer.path)
      else if (answer && 'code' in answer) reject(new UploadFailed(answer))
      else reject(new Error(`The upload was answered with ${request.status}`))
    }
    request.onerror = () => reject(new ConnectionLost('The upload broke off'))
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
