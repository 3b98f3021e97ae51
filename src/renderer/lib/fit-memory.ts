import type { Fit, Machine } from '../../shared/contract/fit.ts'

/** The memory a fit is to be seen against: the graphics card's where all of it goes there, else all there is. */
export function memoryFor(fit: Fit, machine: Machine): { freeBytes: number; totalBytes: number } {
  if (fit.verdict === 'fits-gpu' && machine.gpuBytes > 0) {
    return { freeBytes: machine.freeGpuBytes, totalBytes: machine.gpuBytes }
  }
  return {
    freeBytes: machine.freeRamBytes + machine.freeGpuBytes,
    totalBytes: machine.ramBytes + machine.gpuBytes,
  }
}
