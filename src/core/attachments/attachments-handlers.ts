import type { Procedures } from '../procedures.ts'
import type { AttachmentsService } from './attachments-service.ts'

export function attachmentsHandlers({ attachments: procedures }: Procedures, attachments: AttachmentsService) {
  return {
    add: procedures.add.handler(({ input }) => attachments.add(input.name, input.text)),
    read: procedures.read.handler(({ input }) => attachments.read(input.attachmentId)),
  }
}
