import type { models as english } from '../en/models.ts'
import type { Messages } from '../messages.ts'

export const models: Messages<typeof english> = {}
