import type { inspector as english } from '../en/inspector.ts'
import type { Messages } from '../messages.ts'

export const inspector: Messages<typeof english> = {}
