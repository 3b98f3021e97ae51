import type { Llama } from 'node-llama-cpp'

/**
 * Bytes a model could take without pushing other programs out: what the system can hand out at
 * once, and the free memory of graphics cards that have their own.
 */
export async function freeMemoryBytes(llama: Llama): Promise<number> {
  const system = process.platform === 'darwin' ? await reclaimableOnMac(llama) : process.availableMemory()
  if (llama.gpu === false) return system
  const { free, unifiedSize } = await llama.getVramState()
  return system + Math.max(0, free - unifiedSize)
}

/** macOS keeps hardly any memory free and gives back whatever is not wired. */
async function reclaimableOnMac(llama: Llama): Promise<number> {
  const { total, wired } = await llama.getRamState()
  return total - wired
}
