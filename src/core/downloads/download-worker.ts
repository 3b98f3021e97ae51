/**
 * The threads of a download, so that neither the host's event loop nor its window ever waits for bytes: one
 * receives and writes, one hashes behind it what is on disk already (in the page cache, that is). Hashing in
 * a thread of its own costs no speed, and needs no memory of what was hashed before a restart.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { FileTransfer } from './file-transfer.ts'
import { hashGrowingFile } from './hash-growing-file.ts'
import type { HashRequest, TransferEvent, TransferRequest, WorkerJob } from './transfer-messages.ts'

const port = parentPort!
const work = workerData as WorkerJob

if (work.task === 'hash') {
  const hash = hashGrowingFile(work.path, work.sizeBytes)
  port.on('message', ({ availableBytes }: HashRequest) => {
    const sha256 = hash.advance(availableBytes)
    if (sha256 === null) return
    port.postMessage({ sha256 })
    port.close()
  })
} else {
  const tell = (event: TransferEvent) => port.postMessage(event)
  const transfer = new FileTransfer(work.job, import.meta.filename, (receivedBytes) =>
    tell({ type: 'progress', receivedBytes }),
  )
  port.on('message', (request: TransferRequest) => {
    if (request.type === 'stop') void transfer.close().then(() => port.close())
    else void transfer.fetch(request.location, request.etag).then((end) => tell({ type: 'ended', end }))
  })
}
