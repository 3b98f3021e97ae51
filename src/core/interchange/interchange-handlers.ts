import { ORPCError } from '@orpc/server'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { isDiskFull } from '../database/database-error.ts'
import { internalFailure } from '../internal-failure.ts'
import type { Log } from '../ports.ts'
import type { Procedures } from '../procedures.ts'
import type { InterchangeService } from './interchange-service.ts'

/** `dataDirectory` is what DISK_FULL names. */
export function interchangeHandlers(
  { interchange: procedures }: Procedures,
  interchange: InterchangeService,
  { log, dataDirectory }: { log: Log; dataDirectory: string },
) {
  const { transfers } = interchange

  /**
   * Failures in the middle of a stream pass by the middleware of procedures.ts. A watcher that leaves ends the work
   * without one.
   */
  async function* told<Event>(events: AsyncGenerator<Event>, signal: AbortSignal | undefined): AsyncGenerator<Event> {
    try {
      yield* events
    } catch (error) {
      if (signal?.aborted) return
      const failure = isDiskFull(error) ? new AppFailure('DISK_FULL', { path: dataDirectory }) : error
      const known =
        failure instanceof AppFailure ? failure : internalFailure(log, 'An import or export failed unexpectedly', error)
      throw new ORPCError(known.code, { data: known.data, defined: known.code !== 'INTERNAL' })
    }
  }

  return {
    export: procedures.export.handler(({ input, signal }) => told(interchange.export(input, signal), signal)),
    backup: procedures.backup.handler(({ signal }) => told(interchange.backup(signal), signal)),
    read: procedures.read.handler(({ input }) => transfers.read(input.fileId, input.offset)),
    open: procedures.open.handler(async ({ input }) => ({ fileId: (await transfers.create(input.name)).id })),
    write: procedures.write.handler(({ input }) => transfers.append(input.fileId, input.bytes)),
    preview: procedures.preview.handler(({ input, signal }) => told(interchange.preview(input.fileId, signal), signal)),
    import: procedures.import.handler(({ input, signal }) =>
      told(interchange.import(input.fileId, input.present, signal), signal),
    ),
    close: procedures.close.handler(({ input }) => interchange.removeTransfer(input.fileId)),
    dataCopies: procedures.dataCopies.handler(() => interchange.dataCopies()),
  }
}
