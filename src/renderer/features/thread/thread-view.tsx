import type { Chat } from '../../../shared/contract/chats.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'

export interface ThreadViewProps {
  chat: Chat | null
  /** Creates the chat when the first message or draft is written. */
  ensureChat(): Promise<Chat>
  model: Model | null
  load: LoadState
  onLoadModel(): void
}

/** The middle of the window: the messages of one chat, and the composer below. */
export function ThreadView(_props: ThreadViewProps) {
  return <main className="flex min-h-0 flex-1 flex-col" />
}
