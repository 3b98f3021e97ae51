import { oc } from '@orpc/contract'
import { z } from 'zod'

/** What this host can do. The only thing by which the renderer tells one host from another. */
export const capabilitiesSchema = z.object({
  /** `models.pickFile` and `models.pickFolder` open the system's dialog. */
  fileDialog: z.boolean(),
  /** `app.revealFile` shows a file in the system's file manager. */
  revealFile: z.boolean(),
  /** `models.trash` can move files to the system's trash. */
  trash: z.boolean(),
  /** Where a dropped file can be sent (`PUT <uploadUrl>?name=…`) when the host cannot see its path; else null. */
  uploadUrl: z.string().nullable(),
})
export type Capabilities = z.infer<typeof capabilitiesSchema>

export const appInfoSchema = z.object({
  version: z.string(),
  platform: z.string(),
  arch: z.string(),
  /** Logical cores of the machine. */
  cores: z.number().int(),
  memoryBytes: z.number(),
  dataDirectory: z.string(),
  modelsDirectory: z.string(),
  versions: z.object({
    node: z.string(),
    electron: z.string().nullable(),
    nodeLlamaCpp: z.string(),
  }),
})
export type AppInfo = z.infer<typeof appInfoSchema>

export const app = {
  capabilities: oc.output(capabilitiesSchema),
  info: oc.output(appInfoSchema),
}
