import type { Chat, Message } from '../../shared/contract/chats.ts'
import type { GenerateRequest, PromptMessage } from '../../shared/engine/messages.ts'

/**
 * What the engine reads for a chat and its path of messages. A completion is the text that stands
 * there, piece after piece and nothing between or before.
 */
export function promptOf(
  { mode, systemPrompt }: Pick<Chat, 'mode' | 'systemPrompt'>,
  path: Pick<Message, 'role' | 'text'>[],
): GenerateRequest['prompt'] {
  if (mode === 'completion') return { text: path.map(({ text }) => text).join('') }
  return { messages: promptMessages(systemPrompt ?? '', path) }
}

/**
 * Of a chat: the system prompt, if it is not blank, and the path of messages down to the
 * person's last one. An answer without text (failed or stopped before its first word) is left out;
 * the person's messages that meet then are joined by a blank line, because many templates accept no
 * two of them in a row, and none of what stands in the thread may get lost without a word.
 */
export function promptMessages(systemPrompt: string, path: Pick<Message, 'role' | 'text'>[]): PromptMessage[] {
  const messages: PromptMessage[] = systemPrompt.trim() === '' ? [] : [{ role: 'system', text: systemPrompt }]
  for (const { role, text } of path) {
    const last = messages.at(-1)
    if (role === 'user' && last?.role === 'user') last.text += `\n\n${text}`
    else if (role === 'user' || text !== '') messages.push({ role, text })
  }
  return messages
}
