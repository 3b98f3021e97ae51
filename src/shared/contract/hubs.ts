/** Where models come from: listing and searching hubs. Nothing here is asked of a hub until a person asks. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf, failureSchema } from './errors.ts'

export const sourceIdSchema = z.enum(['hugging-face', 'hf-mirror', 'modelscope', 'custom'])
export type SourceId = z.infer<typeof sourceIdSchema>

export const hubSourceSchema = z.object({
  id: sourceIdSchema,
  /** Such as `https://huggingface.co`; empty for a custom one that is not set. */
  endpoint: z.string(),
  /** A token is sent to this source's host and to no other. */
  hasToken: z.boolean(),
  /** HF_ENDPOINT or HF_TOKEN says so; it cannot be changed here. */
  isFromEnvironment: z.boolean(),
})
export type HubSource = z.infer<typeof hubSourceSchema>

export const sourceTestSchema = z.object({
  sourceId: sourceIdSchema,
  /** To the first byte; null if it did not answer. */
  latencyMs: z.number().nullable(),
  /** Of a small file; null if it did not answer. */
  bytesPerSecond: z.number().nullable(),
  failure: failureSchema.nullable(),
})
export type SourceTest = z.infer<typeof sourceTestSchema>

export const hubFileSchema = z.object({
  /** In the repository, with `/`. */
  path: z.string(),
  sizeBytes: z.number(),
  /** Of the whole file, as the hub or the catalog says; null = unknown. */
  sha256: z.string().nullable(),
})
export type HubFile = z.infer<typeof hubFileSchema>

/** One model to download: a GGUF file, or all parts of a split one. */
export const hubVariantSchema = z.object({
  /** The file's name without ending and part number. Unique in its repository. */
  name: z.string(),
  /** Such as `Q4_K_M`, from the name; empty if it does not say. */
  quantization: z.string(),
  /** Quantized with an importance matrix, as the name says. */
  isImatrix: z.boolean(),
  /** `projector` and `adapter` cannot answer alone. */
  type: z.enum(['model', 'projector', 'adapter']),
  sizeBytes: z.number(),
  /** In the order of the parts. */
  files: z.array(hubFileSchema).min(1),
})
export type HubVariant = z.infer<typeof hubVariantSchema>

export const hubRepositorySchema = z.object({
  sourceId: sourceIdSchema,
  /** `publisher/repository`. */
  repository: z.string(),
  /** The commit the files are of. */
  revision: z.string(),
  /** The licence must be accepted on the hub's page first. */
  isGated: z.boolean(),
  license: z.string().nullable(),
  downloads: z.number().nullable(),
  updatedAt: z.number().nullable(),
  /** The page for people. */
  url: z.string(),
  variants: z.array(hubVariantSchema),
  /** Of `variants`: the one that the text named by file or by quantization; null if it named none. */
  namedVariant: z.string().nullable(),
})
export type HubRepository = z.infer<typeof hubRepositorySchema>

export const hubResultSchema = z.object({
  repository: z.string(),
  downloads: z.number().nullable(),
  likes: z.number().nullable(),
  updatedAt: z.number().nullable(),
  isGated: z.boolean(),
})
export type HubResult = z.infer<typeof hubResultSchema>

/** What the head of a remote file tells, read by a few range requests. */
export const remoteMetadataSchema = z.object({
  name: z.string(),
  architecture: z.string(),
  parameterCount: z.number(),
  quantization: z.string(),
  trainContextSize: z.number().int(),
  vocabularySize: z.number().int(),
  hasChatTemplate: z.boolean(),
  /** How much was transferred to learn it. */
  transferredBytes: z.number(),
})
export type RemoteMetadata = z.infer<typeof remoteMetadataSchema>

export const hubErrors = errorsOf(
  'OFFLINE',
  'HOST_UNREACHABLE',
  'HUB_UNAUTHORIZED',
  'HUB_GATED',
  'HUB_NOT_FOUND',
  'HUB_BUSY',
  'HUB_FAILED',
)

export const remoteFileSchema = z.object({
  sourceId: sourceIdSchema,
  repository: z.string().min(1).max(200),
  revision: z.string().min(1).max(200),
  path: z.string().min(1).max(1000),
})
export type RemoteFile = z.infer<typeof remoteFileSchema>

export const hubs = {
  sources: oc.output(z.array(hubSourceSchema)),
  /** For the address the source has now, and no other; null forgets it. HOST_UNREACHABLE: it has no address. */
  setToken: oc
    .input(z.object({ sourceId: sourceIdSchema, token: z.string().min(1).max(500).nullable() }))
    .errors(errorsOf('DISK_FULL', 'HOST_UNREACHABLE')),
  test: oc.input(z.object({ sourceId: sourceIdSchema })).output(sourceTestSchema),
  /** GGUF text models by name. A page of at most 30; `cursor` is what the page before said. */
  search: oc
    .input(
      z.object({
        text: z.string().max(200),
        sort: z.enum(['downloads', 'updated']),
        cursor: z.string().max(2000).nullable().default(null),
      }),
    )
    .output(
      z.object({ sourceId: sourceIdSchema, results: z.array(hubResultSchema), nextCursor: z.string().nullable() }),
    )
    .errors(hubErrors),
  /**
   * Lists what a reference names: `owner/repo`, `owner/repo:Q4_K_M`, `owner/repo/file.gguf`, or the
   * address of a page or file of a known hub (whose source is then taken, or its mirror). `sourceId`:
   * where a name without address was found; null = any source, as the settings say.
   */
  open: oc
    .input(
      z.object({ reference: z.string().min(1).max(2000), sourceId: sourceIdSchema.nullable().default(null) }),
    )
    .output(hubRepositorySchema)
    .errors(hubErrors)
    .errors(errorsOf('REFERENCE_INVALID', 'NO_GGUF')),
  metadata: oc
    .input(remoteFileSchema)
    .output(remoteMetadataSchema)
    .errors(hubErrors)
    .errors(errorsOf('NOT_GGUF', 'FILE_DAMAGED', 'FILE_TRUNCATED')),
}
