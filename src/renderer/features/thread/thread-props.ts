import type { ReactNode } from 'react'
import type { Chat } from '../../../shared/contract/chats.ts'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import type { Preset } from '../../../shared/contract/presets.ts'

/** What the thread asks the rest of the window for. */
export type ThreadCommand = 'new-chat' | 'find' | 'system-prompt'

/** What the middle of the window is given, whichever way the chat works. */
export interface ThreadViewProps {
  chat: Chat | null
  /** Creates the chat when the first message or draft is written. */
  ensureChat(): Promise<Chat>
  /** Saves what stands in the composer and how the chat is held; rejects, after telling the person, when it was not saved. */
  onSave(
    chatId: string,
    changes: Partial<Pick<Chat, 'draft' | 'draftAttachments' | 'queue' | 'contextPolicy' | 'mode'>>,
  ): Promise<void>
  model: Model | null
  load: LoadState
  onLoadModel(): void
  /** Shown below the suggestions of an empty chat with the demo model. */
  firstModel?: ReactNode
  /** Offered after a `/`, and as settings to compare. */
  presets?: readonly Preset[]
  onApplyPreset?(presetId: string): void
  /** Opens a copy of the chat down to this message. Without it, the copy is made and stays in the list. */
  onFork?(messageId: string): void
  /** Without it, `/` offers only what the thread can do by itself. */
  onCommand?(command: ThreadCommand): void
}
