import { expect, test } from 'vitest'
import { findModelByName, modelNames, type NameableModel } from './model-names.ts'

let count = 0
function model(path: string, more: Partial<NameableModel> = {}): NameableModel {
  const fileName = path.split('/').at(-1)!
  const facts = { name: fileName, fileName, path, source: 'file', repository: null, quantization: 'Q4_K_M' } as const
  return { id: `id-${++count}`, addedAt: count, ...facts, ...more }
}

// A program would have to know a path, or an id that is another one on each machine.
test('names are made of the file', () => {
  const models = [
    model('/模型/Llama-3-Chinese-8B-Instruct-v3-Q4_K_M.gguf'),
    model('/模型/Big-00001-of-00003.gguf'),
    model('/模型/我的　模型 v2.GGUF'),
    model('/blobs/sha256-abc', { source: 'ollama', name: 'llama3:latest' }),
    model('/blobs/sha256-def', { source: 'ollama', name: 'llama3:70b' }),
  ]
  expect([...modelNames(models).values()]).toEqual([
    'llama-3-chinese-8b-instruct-v3-q4_k_m',
    'big',
    '我的-模型-v2',
    'llama3',
    'llama3:70b',
  ])
})

// Two models would answer to one name, and a program could never ask the second.
test('models with the same file name get their repository or folder in front, else their id', () => {
  const models = [
    model('/a/ggml-model-q4_0.gguf', { repository: 'hfl/chinese-alpaca-2-7b-gguf' }),
    model('/我的/ggml-model-q4_0.gguf'),
    model('/x/same/one.gguf'),
    model('/y/same/one.gguf'),
    model('/z/other.gguf'),
  ]
  expect([...models.map(({ id }) => modelNames(models).get(id))]).toEqual([
    'hfl/chinese-alpaca-2-7b-gguf/ggml-model-q4_0',
    '我的/ggml-model-q4_0',
    models[2]!.id,
    models[3]!.id,
    'other',
  ])
})

// A developer would have to look names up that he has in front of him: on the hub, in the window, from Ollama.
test('a model is found by all that it is called', () => {
  const downloaded = model('/m/hfl/Llama-3-Chinese-8B.Q4_K_M.gguf', { repository: 'hfl/Llama-3-Chinese-GGUF' })
  const repository = 'hfl/Llama-3-Chinese-GGUF'
  const bigger = model('/m/hfl/Llama-3-Chinese-8B.Q8_0.gguf', { repository, quantization: 'Q8_0' })
  const demo = model('/app/yangtuo-demo.gguf', { name: '羊驼演示模型', source: 'bundled' })
  const ollama = model('/blobs/sha256-abc', { source: 'ollama', name: 'qwen2:latest' })
  const models = [bigger, downloaded, demo, ollama]
  const ways: [string, NameableModel | null][] = [
    ['llama-3-chinese-8b.q4_k_m', downloaded],
    ['LLAMA-3-Chinese-8B.Q4_K_M.gguf', downloaded],
    ['hfl/Llama-3-Chinese-GGUF', downloaded],
    ['hf.co/hfl/llama-3-chinese-gguf:q8_0', bigger],
    ['https://huggingface.co/hfl/Llama-3-Chinese-GGUF', downloaded],
    ['hfl/Llama-3-Chinese-GGUF/Llama-3-Chinese-8B.Q8_0.gguf', bigger],
    ['羊驼演示模型', demo],
    [' Yangtuo-Demo:latest', demo],
    [demo.id.toUpperCase(), demo],
    ['qwen2', ollama],
    ['qwen2:LATEST', ollama],
    ['qwen2:7b', null],
    ['null', null],
    ['', null],
  ]
  for (const [name, expected] of ways) expect(findModelByName(models, name), name).toBe(expected)
})

// An old program would suddenly be answered by a model that was added later.
test('a name that has become ambiguous still means the model that had it first', () => {
  const first = model('/a/one.gguf')
  const second = model('/b/one.gguf')
  expect(findModelByName([second, first], 'one')).toBe(first)
  expect(findModelByName([second, first], 'b/one')).toBe(second)
})
