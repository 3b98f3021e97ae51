/** What a load tells llama.cpp instead of the file's own metadata. */
import type { LlamaModelOptions } from 'node-llama-cpp'
import type { Rope } from '../shared/contract/load-settings.ts'
import type { EngineLoadSettings } from '../shared/engine/messages.ts'

export interface MetadataOverride {
  key: string
  value: string | number
  /** The setting it stands for. */
  setting: keyof EngineLoadSettings
}

/** `rope`: with its numbers filled in; null = as the file says. */
export function metadataOverrides(
  architecture: string,
  rope: Rope | null,
  preTokenizer: string | null,
): MetadataOverride[] {
  const overrides: MetadataOverride[] = []
  if (preTokenizer !== null) {
    overrides.push({ key: 'tokenizer.ggml.pre', value: preTokenizer, setting: 'preTokenizer' })
  }
  if (rope) {
    const add = (key: string, value: string | number | null) => {
      if (value !== null) overrides.push({ key: `${architecture}.rope.${key}`, value, setting: 'rope' })
    }
    add('scaling.type', rope.method === 'ntk' ? null : rope.method)
    add('scaling.factor', fractional(rope.factor))
    add('freq_base', fractional(rope.base))
    add('scaling.original_context_length', rope.originalContextSize)
  }
  return overrides
}

/** What stands for a text among the hidden states of its tokens: their mean, or the last one. */
export type Pooling = 'mean' | 'last'

/** As `pooling_type`. Source: llama.h, `llama_pooling_type`. */
const meanPooling = 1
export const lastPooling = 3

/** Without a word llama.cpp pools nothing, and tells the last hidden state only. It makes no difference to answers. */
export function poolingOverrides(architecture: string, pooling: Pooling): Pick<MetadataOverride, 'key' | 'value'>[] {
  return pooling === 'mean' ? [{ key: `${architecture}.pooling_type`, value: meanPooling }] : []
}

/**
 * node-llama-cpp 3.22 sends whole numbers as integers, and llama.cpp ignores an integer where it
 * wants a float (seen: "Bad metadata override type for key 'llama.rope.scaling.factor', expected
 * float but got int", and logits that do not change). The fraction is lost again in single precision.
 */
function fractional(value: number | null): number | null {
  return value !== null && Number.isInteger(value) ? value * (1 + Number.EPSILON) : value
}

/** As the library takes them. */
export function asOption(
  overrides: readonly Pick<MetadataOverride, 'key' | 'value'>[],
): LlamaModelOptions['metadataOverrides'] {
  const root: Record<string, unknown> = {}
  for (const { key, value } of overrides) {
    const parents = key.split('.')
    const name = parents.pop()!
    let branch = root
    for (const parent of parents) branch = (branch[parent] ??= {}) as Record<string, unknown>
    branch[name] = value
  }
  return root
}

/** Of the lines of llama.cpp's log that confirm an override, those that confirm one of these. */
export function confirmationsOf(overrides: readonly MetadataOverride[], confirmed: readonly string[]): string[] {
  return confirmed.filter((line) => overrides.some((override) => confirms(line, override)))
}

/** The first that llama.cpp's log does not confirm. */
export function unconfirmed(
  overrides: readonly MetadataOverride[],
  confirmed: readonly string[],
): MetadataOverride | undefined {
  return overrides.find((override) => !confirmed.some((line) => confirms(line, override)))
}

function confirms(line: string, { key }: MetadataOverride): boolean {
  return line.startsWith(`${key} = `)
}
