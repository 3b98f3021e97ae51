import type { Chat } from '../../../shared/contract/chats.ts'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { latestLeaf } from './message-tree.ts'
import { useThread } from './thread-store.ts'

/** Sends under the last message of the branch that is shown. Rejects as `generation.send` does. */
export async function sendMessage(chat: Chat, text: string): Promise<void> {
  await client.generation.send({ chatId: chat.id, parentId: chat.activeLeafId, text })
}

/** Another version of a message of the person, with an answer of its own. Resolves with whether it was sent. */
export async function resendMessage(messageId: string, text: string): Promise<boolean> {
  const message = useThread.getState().messages.get(messageId)
  if (!message) return false
  try {
    await client.generation.send({ chatId: message.chatId, parentId: message.parentId, text })
    return true
  } catch (error) {
    showFailure(error)
    return false
  }
}

export async function regenerate(answerId: string): Promise<void> {
  const userMessageId = useThread.getState().messages.get(answerId)?.parentId
  if (userMessageId) await client.generation.regenerate({ userMessageId }).catch(showFailure)
}

export async function stopAnswer(answerId: string): Promise<void> {
  await client.generation.stop({ answerId }).catch(showFailure)
}

/** Shows the branch that begins with this message, down to where work on it went on last. */
export async function showBranch(messageId: string): Promise<void> {
  const { messages, children } = useThread.getState()
  const chatId = messages.get(messageId)?.chatId
  if (chatId) await client.chats.update({ chatId, activeLeafId: latestLeaf(children, messageId) }).catch(showFailure)
}
