/** Folders of chats. They may lie in one another; what a folder sets counts for all chats in it that set nothing themselves. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'
import { samplingOverridesSchema } from './sampling.ts'

export const folderSchema = z.object({
  id: z.string(),
  /** null = at the top. */
  parentId: z.string().nullable(),
  name: z.string(),
  /** Order among the folders of the same parent. */
  position: z.number(),
  /** null = what stands behind it: the folder above, the model. */
  systemPrompt: z.string().nullable(),
  sampling: samplingOverridesSchema,
  presetId: z.string().nullable(),
  /** New chats in it use this model; null = the app's default. */
  modelId: z.string().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Folder = z.infer<typeof folderSchema>

const folderId = z.object({ folderId: z.string() })
const name = z.string().trim().min(1).max(200)

export const folders = {
  create: oc
    .input(z.object({ name, parentId: z.string().nullable().default(null) }))
    .output(folderSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** A folder cannot be moved into itself or a folder below it: that is refused with FOLDER_INSIDE_ITSELF. */
  update: oc
    .input(
      folderId.extend({
        name: name.optional(),
        parentId: z.string().nullable().optional(),
        position: z.number().optional(),
        systemPrompt: z.string().max(200_000).nullable().optional(),
        sampling: samplingOverridesSchema.optional(),
        presetId: z.string().nullable().optional(),
        modelId: z.string().nullable().optional(),
      }),
    )
    .output(folderSchema)
    .errors(errorsOf('NOT_FOUND', 'FOLDER_INSIDE_ITSELF', 'DISK_FULL')),
  /** Moves it to the trash with all folders and chats in it, whose answers are stopped first. */
  trash: oc.input(folderId).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Brings it back with all that went to the trash together with it. */
  restore: oc.input(folderId).output(folderSchema).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** All folders that are not in the trash, now and after every change. */
  watch: oc.output(eventIterator(z.array(folderSchema))),
}
