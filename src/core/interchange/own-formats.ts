/** Names and versions of the files that only this app writes; README.md says what is in them. */
export const chatsFormat = 'yangtuo-chats'
export const chatsVersion = 1
export const backupFormat = 'yangtuo-backup'
export const backupVersion = 1

/** Entries of a backup. */
export const manifestName = 'backup.json'
export const recordsName = 'records.jsonl'
export const attachmentsFolder = 'attachments/'
