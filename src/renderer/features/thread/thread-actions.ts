import i18next from 'i18next'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import type { Chat, Message } from '../../../shared/contract/chats.ts'
import type { Variant } from '../../../shared/contract/generation.ts'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'
import { latestLeaf } from './message-tree.ts'
import { threadHost } from './thread-host.ts'
import { useThread } from './thread-store.ts'
import { putVariantModels } from './variant-models-store.ts'

export interface NewMessage {
  text: string
  attachments?: Attachment[]
  /** Answers side by side; without them one, made as the chat says. */
  variants?: Variant[]
  /** It waited in the chat's queue, and is taken out of it. */
  queuedId?: string
}

/** Sends under the last message of the branch that is shown. Rejects as `generation.send` does. */
export async function sendMessage(chat: Chat, { text, attachments, variants, queuedId }: NewMessage): Promise<void> {
  const sent = { chatId: chat.id, parentId: chat.activeLeafId, text, attachments, variants, queuedId }
  const { answerIds } = await client.generation.send(sent)
  putVariantModels(answerIds, variants?.map(({ modelId }) => modelId ?? chat.modelId ?? undefined) ?? [])
}

/** Another version of a message of the person, with an answer of its own. Resolves with whether it was sent. */
export function resendMessage({ chatId, parentId, attachments }: Message, text: string): Promise<boolean> {
  return succeeds(client.generation.send({ chatId, parentId, text, attachments }))
}

/** Another version of a message of either role, without a new answer. Resolves with whether it was saved. */
export function saveVersion(messageId: string, text: string): Promise<boolean> {
  return succeeds(client.chats.addVersion({ messageId, text }))
}

export async function regenerate(answerId: string): Promise<void> {
  const userMessageId = useThread.getState().messages.get(answerId)?.parentId
  if (userMessageId) await answerMessage(userMessageId)
}

/** Other answers to a message of the person. Resolves with whether they were begun. */
export function answerMessage(userMessageId: string, variants: Variant[] = []): Promise<boolean> {
  const modelIds = variants.map(({ modelId }) => modelId)
  const started = client.generation.regenerate({ userMessageId, variants })
  return succeeds(started.then(({ answerIds }) => putVariantModels(answerIds, modelIds)))
}

/** See `generation.continueAnswer`. Resolves with whether it was begun. */
export function continueAnswer(answerId: string, text?: string): Promise<boolean> {
  return succeeds(client.generation.continueAnswer({ answerId, text }))
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

/** Takes the message and all below it away, and offers to take that back. */
export async function deleteBranch(messageId: string): Promise<void> {
  if (!(await succeeds(client.chats.deleteBranch({ messageId })))) return
  showToast({
    text: i18next.t('message.branchDeleted'),
    action: {
      label: i18next.t('common.undo'),
      run: () => void client.chats.restoreBranch({ messageId }).catch(showFailure),
    },
  })
}

/** Makes a chat of the path down to this message. */
export async function fork({ id, chatId }: Message): Promise<void> {
  const onFork = threadHost()?.onFork
  if (onFork) onFork(id)
  else if (await succeeds(client.chats.duplicate({ chatId, upToMessageId: id }))) {
    showToast({ text: i18next.t('message.forked') })
  }
}

/** Tells the person when it failed. */
function succeeds(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    (error: unknown) => {
      showFailure(error)
      return false
    },
  )
}
