/**
 * Which dialog of the thread is open, and which messages are being edited with what text. Neither is kept
 * in the message: the thread takes messages away that are out of sight.
 */
import { create } from 'zustand'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import type { RunCard } from '../../../shared/contract/chats.ts'
import type { Variant } from '../../../shared/contract/generation.ts'

/** A message that is not sent yet. */
export interface Unsent {
  chatId: string
  parentId: string | null
  text: string
  attachments: Attachment[]
}

/** What stands in the composer, and stays there until it is sent. */
export interface UnsentToCompare {
  text: string
  onTextChange: (text: string) => void
  /** Rejects when it was not taken. */
  send: (text: string, variants: Variant[]) => Promise<void>
}

export type ThreadDialog =
  | { type: 'attachment'; attachment: Attachment }
  | { type: 'run-card'; card: RunCard }
  /** The exact prompt. */
  | { type: 'prompt'; of: { unsent: Unsent } | { answerId: string } }
  | { type: 'tokens'; answerId: string }
  /** Answers with other models or settings: to a new message, or to one that was sent. */
  | { type: 'variants'; of: UnsentToCompare | { userMessageId: string } }

interface ThreadDialogs {
  dialog: ThreadDialog | null
  /** By message id. */
  edits: ReadonlyMap<string, string>
}

export const useThreadDialogs = create<ThreadDialogs>(() => ({ dialog: null, edits: new Map() }))

export function showThreadDialog(dialog: ThreadDialog | null): void {
  useThreadDialogs.setState({ dialog })
}

/** null ends editing. */
export function editMessage(messageId: string, text: string | null): void {
  useThreadDialogs.setState(({ edits }) => {
    const next = new Map(edits)
    if (text === null) next.delete(messageId)
    else next.set(messageId, text)
    return { edits: next }
  })
}
