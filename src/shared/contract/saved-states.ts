import { oc } from '@orpc/contract'
import { z } from 'zod'

/** KV states of chats on disk; how much they may take is `savedStatesGb` of the settings. */
export const savedStates = {
  usage: oc.output(z.object({ bytes: z.number(), chats: z.number().int() })),
  /** Deletes them all; the chats stay. Returning to one then reads it again. */
  clear: oc,
}
