/** What is to be exported: chats, or a folder with all in it. */
export type ExportTarget = { chatIds: string[] } | { folderId: string }
export type OnExport = (target: ExportTarget) => void
