/** Whether a model fits this machine: one estimator for a file here, a file on a hub, and a file of the catalog. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'
import { loadOverridesSchema } from './load-settings.ts'
import { remoteFileSchema } from './hubs.ts'

export const machineSchema = z.object({
  ramBytes: z.number(),
  /** What programs could take now without pushing others out. */
  freeRamBytes: z.number(),
  /** 0 without a graphics card that llama.cpp can use. Unified memory counts as `ramBytes`. */
  gpuBytes: z.number(),
  freeGpuBytes: z.number(),
  gpuNames: z.array(z.string()),
  /** How fast weights can be read from memory: measured by copying, or by answers made here. null = not measured yet. */
  memoryBytesPerSecond: z.number().nullable(),
})
export type Machine = z.infer<typeof machineSchema>

export const verdictSchema = z.enum(['fits-gpu', 'partly-gpu', 'fits-cpu', 'too-large', 'unknown'])

/** An estimate, in bytes. `unknown` has zeros: it means "we cannot tell", never "no". */
export const fitSchema = z.object({
  verdict: verdictSchema,
  /** Less than a tenth of the free memory would be left. */
  isTight: z.boolean(),
  weightsBytes: z.number(),
  kvCacheBytes: z.number(),
  buffersBytes: z.number(),
  draftBytes: z.number(),
  adaptersBytes: z.number(),
  /** The sum, corrected by what was measured on this machine. */
  totalBytes: z.number(),
  /** Of the sum, on the graphics card. */
  gpuBytes: z.number(),
  /** What the sum was multiplied with; 1 = nothing was measured yet. */
  correction: z.number(),
  /** What this very model took when it was last loaded like this; null = never. */
  measuredBytes: z.number().nullable(),
  /** Of each slot. */
  contextSize: z.number().int(),
  slots: z.number().int(),
  gpuLayers: z.number().int(),
  totalLayers: z.number().int(),
  /** From the speed of this machine's memory; null = not measured yet. */
  expectedTokensPerSecond: z.number().nullable(),
})
export type Fit = z.infer<typeof fitSchema>

export const fitTargetSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('model'), modelId: z.string() }),
  /** Of a split model: its first part. Reads the head of the file by range requests. */
  z.object({ type: z.literal('hub'), file: remoteFileSchema, sizeBytes: z.number() }),
  z.object({ type: z.literal('catalog'), entryId: z.string(), fileName: z.string() }),
])
export type FitTarget = z.infer<typeof fitTargetSchema>

export const fit = {
  machine: oc.output(machineSchema),
  /** In the order of the targets. What cannot be read is `unknown`. Without `settings`, a model's own count, else the defaults. */
  estimate: oc
    .input(z.object({ targets: z.array(fitTargetSchema).min(1).max(200), settings: loadOverridesSchema.optional() }))
    .output(z.array(fitSchema))
    .errors(errorsOf('ENGINE_CRASHED')),
}
