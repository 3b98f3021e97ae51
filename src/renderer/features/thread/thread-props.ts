import type { ReactNode } from 'react'
import type { Chat } from '../../../shared/contract/chats.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'

/** What the middle of the window is given, whichever way the chat works. */
export interface ThreadViewProps {
  chat: Chat | null
  /** Creates the chat when the first message or draft is written. */
  ensureChat(): Promise<Chat>
  /** Saves what stands in the composer; rejects, after telling the person, when it was not saved. */
  onSave(chatId: string, changes: { draft?: string; mode?: Chat['mode'] }): Promise<void>
  model: Model | null
  load: LoadState
  onLoadModel(): void
  /** Shown below the suggestions of an empty chat with the demo model. */
  firstModel?: ReactNode
}
