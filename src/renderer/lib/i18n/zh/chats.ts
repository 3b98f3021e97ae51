import type { chats as english } from '../en/chats.ts'
import type { Messages } from '../messages.ts'

export const chats: Messages<typeof english> = {}
