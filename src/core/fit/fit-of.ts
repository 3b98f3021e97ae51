import type { Fit, Machine } from '../../shared/contract/fit.ts'
import type { EstimateResult } from '../../shared/engine/messages.ts'

/** Bytes of weights that are read in a second; null = not known yet. */
export interface ReadSpeeds {
  cpu: number | null
  gpu: number | null
}

const tightShare = 0.1
/** Of smaller models the processor's caches make the speed. */
export const minSpeedBytes = 200_000_000

export const unknownFit: Fit = {
  verdict: 'unknown',
  isTight: false,
  weightsBytes: 0,
  kvCacheBytes: 0,
  buffersBytes: 0,
  draftBytes: 0,
  adaptersBytes: 0,
  totalBytes: 0,
  gpuBytes: 0,
  correction: 1,
  measuredBytes: null,
  contextSize: 0,
  slots: 0,
  gpuLayers: 0,
  totalLayers: 0,
  expectedTokensPerSecond: null,
}

/** An estimate held against what is free on this machine. */
export function fitOf(
  estimate: EstimateResult,
  machine: Pick<Machine, 'freeRamBytes' | 'freeGpuBytes' | 'gpuBytes'>,
  { correction, measuredBytes, speeds }: { correction: number; measuredBytes: number | null; speeds: ReadSpeeds },
): Fit {
  const { weightsBytes, kvCacheBytes, buffersBytes, draftBytes, adaptersBytes, gpuLayers, totalLayers } = estimate
  const totalBytes = Math.round(
    (weightsBytes + kvCacheBytes + buffersBytes + draftBytes + adaptersBytes) * correction,
  )
  const gpuBytes = Math.round(estimate.gpuBytes * correction)
  // A card without memory of its own takes its part of the system's.
  const onCard = machine.gpuBytes > 0 ? gpuBytes : 0
  const fits = onCard <= machine.freeGpuBytes && totalBytes - onCard <= machine.freeRamBytes
  const freeBytes = machine.freeRamBytes + machine.freeGpuBytes
  return {
    ...estimate,
    verdict: !fits
      ? 'too-large'
      : gpuLayers === 0
        ? 'fits-cpu'
        : gpuLayers >= totalLayers
          ? 'fits-gpu'
          : 'partly-gpu',
    isTight: fits && freeBytes - totalBytes < tightShare * freeBytes,
    totalBytes,
    gpuBytes,
    correction,
    measuredBytes,
    expectedTokensPerSecond: expectedSpeed(weightsBytes, gpuLayers / Math.max(1, totalLayers), speeds),
  }
}

/**
 * Very rough: a token needs all weights to be read once, and memory is slower than the arithmetic.
 * Too low by its nature for mixtures of experts, which read a part only, and too high for long
 * contexts, whose keys and values are read too.
 */
function expectedSpeed(weightsBytes: number, gpuShare: number, { cpu, gpu }: ReadSpeeds): number | null {
  if (weightsBytes < minSpeedBytes) return null
  if ((gpuShare < 1 && cpu === null) || (gpuShare > 0 && gpu === null)) return null
  const cpuSeconds = gpuShare < 1 ? ((1 - gpuShare) * weightsBytes) / cpu! : 0
  const gpuSeconds = gpuShare > 0 ? (gpuShare * weightsBytes) / gpu! : 0
  return 1 / (cpuSeconds + gpuSeconds)
}
