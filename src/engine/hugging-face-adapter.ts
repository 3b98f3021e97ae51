/**
 * Tells a LoRA in Hugging Face's format, which llama.cpp cannot apply, by its files, and what is in
 * it: whole embedding or output layers, which no conversion keeps in a GGUF adapter, or low-rank
 * pairs only, which can be converted.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppFailure } from '../shared/lib/app-failure.ts'

const configName = 'adapter_config.json'
const maxConfigBytes = 2 ** 20
const maxHeaderBytes = 100 * 2 ** 20
/** Parts of a model that are saved whole when training enlarged the vocabulary. */
const wholeLayers = /(^|\.)(embed_tokens|lm_head|wte)(\.|$)/

/** Throws ADAPTER_UNUSABLE if `path` is such an adapter: its folder or one of its files. */
export function refuseHuggingFaceAdapter(path: string): void {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  const folder = isFolder ? path : dirname(path)
  const name = basename(path)
  const isOne = isFolder
    ? isFile(join(folder, configName))
    : name === configName || /^adapter_model\.(safetensors|bin)$/.test(name)
  const tensors = isFolder
    ? tensorNames(join(folder, 'adapter_model.safetensors'))
    : tensorNames(name === configName ? join(folder, 'adapter_model.safetensors') : path)
  if (!isOne && !tensors.some((tensor) => /\.lora_[AB]\./.test(tensor))) return

  const config = readConfig(join(folder, configName))
  const savedWhole = Array.isArray(config['modules_to_save']) ? config['modules_to_save'].map(String) : []
  const whole = [...tensors.filter((tensor) => !tensor.includes('.lora_')), ...savedWhole]
    .map((tensor) => wholeLayers.exec(tensor)?.[2])
    .filter((layer) => layer !== undefined)
  const layers = [...new Set(whole)]
  const rank = typeof config['r'] === 'number' ? `r=${config['r']}` : null
  const base = config['base_model_name_or_path']
  throw new AppFailure('ADAPTER_UNUSABLE', {
    path,
    reason: layers.length > 0 ? 'whole-layers' : 'hugging-face-format',
    detail: layers.length > 0 ? layers.join(', ') : [rank, base].filter((part) => typeof part === 'string').join(', '),
  })
}

/** Of a safetensors file; none if it is not one. Format: 8 bytes of length, then JSON. */
function tensorNames(path: string): string[] {
  if (!path.endsWith('.safetensors') || !isFile(path)) return []
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(8)
    readSync(file, start, 0, 8, 0)
    const length = Number(start.readBigUInt64LE())
    if (length > Math.min(maxHeaderBytes, fstatSync(file).size - 8)) return []
    const header = Buffer.alloc(length)
    readSync(file, header, 0, length, 8)
    return Object.keys(JSON.parse(header.toString('utf8')) as object)
  } catch {
    return []
  } finally {
    closeSync(file)
  }
}

function readConfig(path: string): Record<string, unknown> {
  try {
    if (statSync(path).size > maxConfigBytes) return {}
    const config: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof config === 'object' && config !== null ? (config as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
