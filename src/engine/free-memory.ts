import type { Llama } from 'node-llama-cpp'

/** In bytes. */
export interface FreeMemory {
  /** What the system can hand out at once, without pushing other programs out. */
  ram: number
  /** Of graphics cards that have memory of their own. */
  gpu: number
  /** What llama.cpp may put on the graphics card: `gpu`, and what a card that shares the system's memory may take of `ram`. */
  forGpu: number
}

export async function freeMemory(llama: Llama): Promise<FreeMemory> {
  const ram = process.platform === 'darwin' ? await reclaimableOnMac(llama) : process.availableMemory()
  if (llama.gpu === false) return { ram, gpu: 0, forGpu: 0 }
  const { free, unifiedSize } = await llama.getVramState()
  const gpu = Math.max(0, free - unifiedSize)
  return { ram, gpu, forGpu: gpu + Math.min(unifiedSize, free, ram) }
}

/** macOS keeps hardly any memory free and gives back whatever is not wired. */
async function reclaimableOnMac(llama: Llama): Promise<number> {
  const { total, wired } = await llama.getRamState()
  return total - wired
}

/** Bytes a model could take without pushing other programs out. */
export async function freeMemoryBytes(llama: Llama): Promise<number> {
  const { ram, gpu } = await freeMemory(llama)
  return ram + gpu
}
