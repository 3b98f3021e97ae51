import { z } from 'zod'

/** Either name will do; LM Studio calls it by the instance, of which there is one a model here. */
export const unloadRequestSchema = z
  .object({ instance_id: z.string().min(1).optional(), model: z.string().min(1).optional() })
  .refine(({ instance_id, model }) => (instance_id ?? model) !== undefined, {
    path: ['model'],
    message: 'is needed, or instance_id',
  })

export const downloadRequestSchema = z.object({
  /** `publisher/repository`, also with `:Q4_K_M`, the address of a page or file, or an entry of the catalog. */
  model: z.string().min(1).max(2000),
  quantization: z.string().min(1).max(100).optional(),
  stream: z.boolean().default(false),
})
export type DownloadRequest = z.infer<typeof downloadRequestSchema>

export const loadRequestSchema = z.object({
  model: z.string().min(1),
  /** Loads it even if the estimate says that it does not fit. */
  force: z.boolean().default(false),
  /** Seconds without use after which it is unloaded; missing = as the settings say. */
  ttl: z.number().positive().optional(),
  context_length: z.number().int().min(64).max(10_000_000).optional(),
  gpu_layers: z.number().int().min(0).max(1000).optional(),
  threads: z.number().int().min(1).max(256).optional(),
  /** Requests answered at the same time. */
  parallel: z.number().int().min(1).max(16).optional(),
  eval_batch_size: z.number().int().min(1).max(16_384).optional(),
  flash_attention: z.boolean().optional(),
  stream: z.boolean().default(false),
})
export type LoadRequest = z.infer<typeof loadRequestSchema>
