/** Text files that go with a message. Their content is kept once, in a file named by its hash. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { mostAttachmentBytes } from '../lib/attachment-limits.ts'
import { errorsOf } from './errors.ts'

/** How a message or a draft names an attachment. */
export const attachmentSchema = z.object({
  /** SHA-256 of its text in UTF-8, in hex. */
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1).max(300),
  sizeBytes: z.number(),
})
export type Attachment = z.infer<typeof attachmentSchema>

export const attachments = {
  /** Keeps a text. It goes when no message and no draft names it any more. */
  add: oc
    .input(z.object({ name: z.string().min(1).max(300), text: z.string().min(1).max(mostAttachmentBytes) }))
    .output(attachmentSchema)
    .errors(errorsOf('DISK_FULL')),
  read: oc.input(z.object({ attachmentId: attachmentSchema.shape.id })).output(z.string()).errors(errorsOf('NOT_FOUND')),
}
