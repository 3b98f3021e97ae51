import type { Procedures } from '../procedures.ts'
import type { DownloadsService } from './downloads-service.ts'

export function downloadsHandlers({ downloads: procedures }: Procedures, downloads: DownloadsService) {
  return {
    watch: procedures.watch.handler(({ signal }) => downloads.watch(signal)),
    start: procedures.start.handler(({ input }) => downloads.add(input)),
    startFromCatalog: procedures.startFromCatalog.handler(({ input }) =>
      downloads.addFromCatalog(input.entryId, input.fileName),
    ),
    pause: procedures.pause.handler(({ input }) => downloads.pause(input.downloadId)),
    resume: procedures.resume.handler(({ input }) => downloads.resume(input.downloadId)),
    remove: procedures.remove.handler(({ input }) => downloads.remove(input.downloadId)),
  }
}
