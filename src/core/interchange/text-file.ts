import type { ExportWords } from '../../shared/contract/interchange.ts'
import type { AttachmentTexts, ShownChat } from './shown-chat.ts'

/** A chat as plain text to read; nothing reads it back. */
export function toPlainText(
  { chat, systemPrompt, path }: ShownChat,
  words: ExportWords,
  attachmentText: AttachmentTexts,
): string {
  const parts = [chat.title || words.untitled]
  if (systemPrompt) parts.push(`[${words.system}]\n${systemPrompt}`)
  for (const { role, text, attachments } of path) {
    parts.push(`[${words[role]}]\n${text || words.noText}`)
    for (const { id, name } of attachments) parts.push(`[${name}]\n${attachmentText(id) ?? ''}`)
  }
  return `${parts.join('\n\n')}\n`
}
