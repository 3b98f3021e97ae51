/**
 * Converts a GGUF model to another weight format with llama.cpp's quantizer.
 *
 *   node build/gguf/quantize.ts <source.gguf> <target.gguf> <type, for example Q4_K_M>
 *
 * The call blocks the process until it is done; a server or a window should
 * run it in a child process, and can cancel it by ending that child.
 */
import fs from 'node:fs'
import { defaultQuantizeParameters, LOG_WARNING, openLlamaLibrary, runQuantizer } from './llama-library.ts'

/** Weight formats and llama.cpp's numbers for them. The IQ1 and IQ2 types need an importance matrix and are left out. */
export const QUANTIZATION_TYPES = {
  F32: 0,
  F16: 1,
  BF16: 32,
  Q8_0: 7,
  Q6_K: 18,
  Q5_K_M: 17,
  Q5_K_S: 16,
  Q5_1: 9,
  Q5_0: 8,
  Q4_K_M: 15,
  Q4_K_S: 14,
  Q4_1: 3,
  Q4_0: 2,
  IQ4_XS: 30,
  IQ4_NL: 25,
  Q3_K_L: 13,
  Q3_K_M: 12,
  Q3_K_S: 11,
  Q2_K: 10
} as const

export type QuantizationType = keyof typeof QUANTIZATION_TYPES

export interface QuantizeOptions {
  /** Default: 0, all cores. */
  threads?: number
  /** Called with the share that is done (0 to 1) and the tensor at work. */
  onProgress?: (done: number, tensor: string) => void
}

const PROGRESS_LINE = /^\[\s*(\d+)\/\s*(\d+)\]\s+(\S+)/

/** Whether the text names a type that `quantizeModel` can write. */
export function isQuantizationType(text: string): text is QuantizationType {
  return Object.hasOwn(QUANTIZATION_TYPES, text)
}

/**
 * Quantizes `source` into `target`; already quantized sources are accepted.
 * Writes `target + '.part'` and renames it, so `target` is never half a file.
 * Throws with llama.cpp's own message when it fails.
 */
export function quantizeModel(
  source: string,
  target: string,
  type: QuantizationType,
  options: QuantizeOptions = {}
): void {
  let lastWarning = ''
  const library = openLlamaLibrary((level, text) => {
    const progress = PROGRESS_LINE.exec(text)
    if (progress) options.onProgress?.(Number(progress[1]) / Number(progress[2]), progress[3] ?? '')
    else if (level >= LOG_WARNING && text.trim() !== '') lastWarning = text.trim()
  })
  const parameters = defaultQuantizeParameters(library)
  parameters.ftype = QUANTIZATION_TYPES[type]
  parameters.nthread = options.threads ?? 0
  parameters.allow_requantize = true
  const part = `${target}.part`
  const code = runQuantizer(library, source, part, parameters)
  if (code !== 0) {
    fs.rmSync(part, { force: true })
    throw new Error(`Quantizing ${source} to ${type} failed: ${lastWarning || `code ${code}`}`)
  }
  fs.renameSync(part, target)
}

function main(): void {
  const [source, target, type = ''] = process.argv.slice(2)
  if (!source || !target || !isQuantizationType(type)) {
    console.error('Usage: node build/gguf/quantize.ts <source.gguf> <target.gguf> <type>')
    console.error(`Types: ${Object.keys(QUANTIZATION_TYPES).join(' ')}`)
    process.exit(1)
  }
  quantizeModel(source, target, type)
  console.log(`${target}: ${fs.statSync(target).size} bytes`)
}

if (import.meta.main) main()
