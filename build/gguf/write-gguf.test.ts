import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readGgufFileInfo } from 'node-llama-cpp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeGguf, type GgufTensor } from './write-gguf.ts'

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'write-gguf-'))
})
afterAll(() => {
  fs.rmSync(folder, { recursive: true })
})

const tensors: GgufTensor[] = [
  { name: 'odd', dims: [3], type: 'f32', data: () => Float32Array.of(1, 2, 3) },
  { name: 'half', dims: [2, 5], type: 'f16', data: () => new Uint16Array(10).fill(0x3c00) },
]

// Would catch: string lengths in characters instead of bytes, and data that does not start where the table says.
test('another reader finds the metadata and the data', async () => {
  const file = path.join(folder, 'model.gguf')
  const tokens = ['羊驼', 'Ġ', '🦙']
  writeGguf(file, { 'general.name': { type: 'string', value: '羊驼' }, tokens: { type: 'string[]', value: tokens } }, tensors)
  const info = await readGgufFileInfo(file)
  expect(info.metadata).toMatchObject({ general: { name: '羊驼' }, tokens })
  const start = (info.tensorInfo ?? []).map((tensor) => Number(tensor.fileOffset))
  const bytes = fs.readFileSync(file)
  expect([0, 4, 8].map((at) => bytes.readFloatLE((start[0] ?? 0) + at))).toEqual([1, 2, 3])
  expect(bytes.readUInt16LE(start[1] ?? 0)).toBe(0x3c00)
  expect((start[1] ?? 0) % 32).toBe(0)
})

// Would catch: a sparse file that is shorter than its tensors, which loaders report as truncated.
test('a sparse file has the size of the full one', () => {
  const [full, sparse] = [path.join(folder, 'full.gguf'), path.join(folder, 'sparse.gguf')]
  writeGguf(full, {}, tensors)
  writeGguf(sparse, {}, tensors, { sparse: true })
  expect(fs.statSync(sparse).size).toBe(fs.statSync(full).size)
})

// Would catch: a tensor table that does not match the data, found only when the model is loaded.
test('data of the wrong size is refused and leaves no file', () => {
  const file = path.join(folder, 'wrong.gguf')
  const wrong: GgufTensor = { name: 'wrong', dims: [4], type: 'f32', data: () => new Float32Array(3) }
  expect(() => writeGguf(file, {}, [wrong])).toThrow('wrong')
  expect(fs.existsSync(file)).toBe(false)
})
