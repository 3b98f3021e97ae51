/** Folders whose models are listed where they lie: watched ones, and those of other apps, which are only read. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf, failureSchema } from './errors.ts'

export const modelFolderSchema = z.object({
  id: z.string(),
  path: z.string(),
  /** The app's own models folder, one that a person added, or one of another app. */
  kind: z.enum(['own', 'watched', 'lm-studio', 'ollama', 'hugging-face']),
  /** Listed only when on. The folders of other apps are found by themselves, and off until a person turns them on. */
  isOn: z.boolean(),
  isScanning: z.boolean(),
  modelCount: z.number().int(),
  /** Files that look like models and could not be read as one. */
  refused: z.array(z.object({ path: z.string(), failure: failureSchema })),
  /** Why the folder itself cannot be read. */
  failure: failureSchema.nullable(),
})
export type ModelFolder = z.infer<typeof modelFolderSchema>

const folderId = z.object({ folderId: z.string() })

export const modelFolders = {
  /** All folders now, and again after every change. */
  watch: oc.output(eventIterator(z.array(modelFolderSchema))),
  /** Watches a folder from now on, with all below it. */
  add: oc
    .input(z.object({ path: z.string().min(1).max(4096) }))
    .output(modelFolderSchema)
    .errors(errorsOf('FOLDER_UNREADABLE', 'DISK_FULL')),
  setOn: oc
    .input(folderId.extend({ isOn: z.boolean() }))
    .output(modelFolderSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Forgets a watched folder and takes its models off the list; the files stay. */
  remove: oc.input(folderId).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  scan: oc.input(folderId).errors(errorsOf('NOT_FOUND')),
}
