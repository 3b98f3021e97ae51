import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf, failureSchema } from './errors.ts'
import { hubErrors, hubFileSchema, sourceIdSchema } from './hubs.ts'

/**
 * `queued` waits for its turn, `waiting` for the next try after a failure that may pass, `verifying`
 * checks what could not be checked while writing. A `failed` one can be resumed as well.
 */
export const downloadStateSchema = z.enum([
  'queued',
  'downloading',
  'waiting',
  'verifying',
  'paused',
  'complete',
  'failed',
])
export type DownloadState = z.infer<typeof downloadStateSchema>

export const downloadSchema = z.object({
  id: z.string(),
  /** What a person chose; in mid-download another source may serve the same bytes. */
  repository: z.string(),
  revision: z.string(),
  /** Of the variant. */
  name: z.string(),
  quantization: z.string(),
  files: z.array(hubFileSchema),
  sizeBytes: z.number(),
  receivedBytes: z.number(),
  state: downloadStateSchema,
  /** Where the bytes come from now, or came from last. */
  sourceId: sourceIdSchema,
  /** Over the last seconds; null unless downloading. */
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** When `waiting` ends, ms since 1970. */
  retryAt: z.number().nullable(),
  /** The reason for `failed` and `waiting`; of a `complete` one, why it is not in the list of models. */
  failure: failureSchema.nullable(),
  /** The folder its files are in, or will be. */
  directory: z.string(),
  /** Once it is complete and in the list of models. */
  modelId: z.string().nullable(),
  createdAt: z.number(),
})
export type Download = z.infer<typeof downloadSchema>

export const downloadEventSchema = z.discriminatedUnion('type', [
  /** Sent once, first, in the order of the queue. */
  z.object({ type: z.literal('downloads'), downloads: z.array(downloadSchema) }),
  /** At every change of state, and at most four a second for its progress. */
  z.object({ type: z.literal('download-saved'), download: downloadSchema }),
  z.object({ type: z.literal('download-removed'), downloadId: z.string() }),
])
export type DownloadEvent = z.infer<typeof downloadEventSchema>

const downloadId = z.object({ downloadId: z.string() })

export const downloads = {
  watch: oc.output(eventIterator(downloadEventSchema)),
  /**
   * Puts a variant of a repository into the queue; the same one again returns the one that is there
   * (and resumes it if it is paused or failed). Space at the target is checked, and reserved when the
   * download begins.
   */
  start: oc
    .input(
      z.object({
        sourceId: sourceIdSchema,
        repository: z.string().min(1).max(200),
        revision: z.string().min(1).max(200),
        /** `hubVariantSchema.name` */
        variant: z.string().min(1).max(500),
      }),
    )
    .output(downloadSchema)
    .errors(hubErrors)
    .errors(errorsOf('NOT_ENOUGH_SPACE', 'DISK_FULL', 'NO_GGUF')),
  /** A file of the catalog; the source is chosen as the settings say. */
  startFromCatalog: oc
    .input(z.object({ entryId: z.string(), fileName: z.string() }))
    .output(downloadSchema)
    .errors(hubErrors)
    .errors(errorsOf('NOT_FOUND', 'NOT_ENOUGH_SPACE', 'DISK_FULL', 'NO_GGUF')),
  pause: oc.input(downloadId).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Also tries a failed or waiting one at once. */
  resume: oc.input(downloadId).errors(errorsOf('NOT_FOUND', 'DISK_FULL', 'NOT_ENOUGH_SPACE')),
  /** Stops it, deletes what it has received, and takes it off the list; a complete one only leaves the list. */
  remove: oc.input(downloadId).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
}
