import type { thread as english } from '../en/thread.ts'
import type { Messages } from '../messages.ts'

export const thread: Messages<typeof english> = {}
