const names: Record<string, string> = { cpu: 'CPU', cuda: 'CUDA', vulkan: 'Vulkan', metal: 'Metal' }

/** The back end's own spelling; the same in every language. */
export function backEndName(gpu: string): string {
  return names[gpu] ?? gpu
}
