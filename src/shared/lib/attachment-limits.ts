/** Apart from the attachments' schema, so that a window needs no zod for it. With it a call stays below what a WebSocket message may have. */
export const mostAttachmentBytes = 10_000_000
