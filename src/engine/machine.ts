/** What this machine has for a model: memory, graphics cards, and how fast the memory is. */
import { availableParallelism, totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Llama } from 'node-llama-cpp'
import type { EngineCalls } from '../shared/engine/messages.ts'
import { freeMemory } from './free-memory.ts'

/** A container may be given less than the machine has. */
export async function machine(llama: Llama): Promise<EngineCalls['machine']['output']> {
  const free = await freeMemory(llama)
  const ramBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  if (llama.gpu === false) return { ramBytes, freeRamBytes: free.ram, gpuBytes: 0, freeGpuBytes: 0, gpuNames: [] }
  const { total, unifiedSize } = await llama.getVramState()
  return {
    ramBytes,
    freeRamBytes: free.ram,
    gpuBytes: Math.max(0, total - unifiedSize),
    freeGpuBytes: free.gpu,
    gpuNames: total > 0 ? await llama.getGpuDeviceNames() : [],
  }
}

const measureMs = 500
/** Larger than any cache, together. */
const blockBytes = 64 * 2 ** 20
/** More read no faster. */
const maxWorkers = 8

const copyWork = `
  const { parentPort } = require('node:worker_threads')
  const from = Buffer.alloc(${blockBytes}, 1), to = Buffer.alloc(${blockBytes}, 2)
  let bytes = 0
  const startedAt = performance.now()
  while (performance.now() - startedAt < ${measureMs}) bytes += from.copy(to) * 2
  parentPort.postMessage(bytes / (performance.now() - startedAt) * 1000)
`

/**
 * Bytes that pass between processor and memory in a second, read and written together, with all
 * cores copying: about what decoding reaches with weights that are read once per token.
 */
export async function measureMemory(): Promise<EngineCalls['measureMemory']['output']> {
  const workers = Math.min(maxWorkers, availableParallelism())
  const speeds = await Promise.all(Array.from({ length: workers }, copySpeed))
  return { bytesPerSecond: speeds.reduce((sum, speed) => sum + speed, 0) }
}

function copySpeed(): Promise<number> {
  return new Promise((resolve, reject) => {
    new Worker(copyWork, { eval: true }).once('message', resolve).once('error', reject)
  })
}
