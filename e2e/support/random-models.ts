/** Random models for what needs speed, length or size and no sense. Made once and kept in `.cache/`. */
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { quantizeModel, type QuantizationType } from '../../build/gguf/quantize.ts'
import { type RandomModelOptions, writeRandomModel } from '../../build/gguf/random-model.ts'

const folder = resolve(import.meta.dirname, '../../.cache/random-models')

/** ChatML without conditions: short, and every vocabulary of ours has its tokens. */
const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

/** Its prompt is the last message alone, so that a thread of any length fits the context. */
const lastMessageTemplate =
  "{{ '<|im_start|>user\n' + messages[-1].content + '<|im_end|>\n<|im_start|>assistant\n' }}"

/** Path of a model that answers at once and never ends by itself (about 0.3 M parameters). */
export function endlessModel(): string {
  return cached('endless.gguf', {
    dim: 64, layers: 2, heads: 4, ffn: 192, context: 8192, vocabularySize: 2000, vocabulary: 'bpe', type: 'f32',
    name: 'Endless', chatTemplate: lastMessageTemplate,
  })
}

/** Path of a model like the endless one with room for a long prompt. */
export function wideModel(): string {
  return cached('wide.gguf', {
    dim: 64, layers: 1, heads: 4, ffn: 192, context: 65536, vocabularySize: 2000, vocabulary: 'bpe', type: 'f32',
    name: 'Wide', chatTemplate: lastMessageTemplate,
  })
}

/** Path of the model that speed is measured on (207 M parameters), in F16 or quantized. */
export function midModel(type: 'F16' | Extract<QuantizationType, 'Q8_0' | 'Q4_K_M'>): string {
  const source = cached('mid-F16.gguf', { name: 'Mid', chatTemplate })
  if (type === 'F16') return source
  const target = join(folder, `mid-${type}.gguf`)
  if (!existsSync(target)) quantizeModel(source, target, type)
  return target
}

function cached(name: string, options: Partial<RandomModelOptions>): string {
  const path = join(folder, name)
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    writeRandomModel(`${path}.part`, options)
    renameSync(`${path}.part`, path)
  }
  return path
}
