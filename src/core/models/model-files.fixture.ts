/** Small GGUF files for tests that look at files and load none: models, parts of split ones, adapters. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type GgufMetadata, type GgufTensor, writeGguf } from '../../../build/gguf/write-gguf.ts'
import { writeRandomModel } from '../../../build/gguf/random-model.ts'
import { allParts } from '../../shared/lib/split-files.ts'

/** A whole model of some kilobytes, called by its file's name unless `name` is given. */
export function writeSmallModel(path: string, name = basename(path, '.gguf'), seed = 1): string {
  mkdirSync(dirname(path), { recursive: true })
  const shape = { dim: 8, layers: 1, heads: 1, context: 512, vocabularySize: 300 }
  writeRandomModel(path, { ...shape, vocabulary: 'spm', type: 'f32', name, seed })
  return path
}

const tensor = (name: string, dims: number[]): GgufTensor => ({
  name,
  dims,
  type: 'f32',
  data: () => new Float32Array(dims.reduce((product, length) => product * length)),
})

/** `<stem>-00001-of-0000N.gguf` and so on, as gguf-split writes them. Returns their paths. */
export function writeSplitModel(stem: string, count: number): string[] {
  mkdirSync(dirname(stem), { recursive: true })
  const whole = allParts(`${stem}-00001-of-${String(count).padStart(5, '0')}.gguf`)
  whole.forEach((path, index) => {
    const split: GgufMetadata = {
      'split.no': { type: 'uint32', value: index },
      'split.count': { type: 'uint32', value: count },
      'split.tensors.count': { type: 'int32', value: count },
    }
    const head: GgufMetadata = {
      'general.architecture': { type: 'string', value: 'llama' },
      'general.name': { type: 'string', value: basename(stem) },
      'llama.context_length': { type: 'uint32', value: 512 },
      'tokenizer.ggml.model': { type: 'string', value: 'llama' },
      'tokenizer.ggml.tokens': { type: 'string[]', value: ['<unk>', '<s>', '</s>'] },
    }
    writeGguf(path, index === 0 ? { ...head, ...split } : split, [tensor(`blk.${index}.attn_q.weight`, [32, 32])])
  })
  return whole
}

/** A GGUF LoRA of rank 4; `extra` names tensors besides the pairs. */
export function writeAdapter(path: string, extra: string[] = []): string {
  mkdirSync(dirname(path), { recursive: true })
  const metadata: GgufMetadata = {
    'general.type': { type: 'string', value: 'adapter' },
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: '小说腔' },
    'adapter.type': { type: 'string', value: 'lora' },
    'adapter.lora.alpha': { type: 'float32', value: 8 },
  }
  writeGguf(path, metadata, [
    tensor('blk.0.attn_q.weight.lora_a', [32, 4]),
    tensor('blk.0.attn_q.weight.lora_b', [4, 32]),
    ...extra.map((name) => tensor(name, [32, 32])),
  ])
  return path
}

/** A folder with a LoRA in Hugging Face's format. */
export function writeHuggingFaceAdapter(folder: string, tensors: string[], config: object = { r: 8 }): string {
  mkdirSync(folder, { recursive: true })
  const header = JSON.stringify(
    Object.fromEntries(tensors.map((name) => [name, { dtype: 'F32', shape: [1], data_offsets: [0, 4] }])),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const file = Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)])
  writeFileSync(join(folder, 'adapter_model.safetensors'), file)
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config))
  return folder
}

/** Another home folder for this process, with names that no program likes; where other apps keep their models. */
export function temporaryHome() {
  const folder = mkdtempSync(join(tmpdir(), 'yangtuo-home-'))
  const path = join(folder, '家　目录 home')
  mkdirSync(path)
  const names = ['HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'OLLAMA_MODELS', 'HF_HOME', 'HF_HUB_CACHE'] as const
  const before = names.map((name) => [name, process.env[name]] as const)
  for (const name of names) delete process.env[name]
  process.env['HOME'] = path
  return {
    path,
    restore: () => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A copy of a file under another path, its folders made. */
export function copyFileTo(source: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, readFileSync(source))
  return path
}
