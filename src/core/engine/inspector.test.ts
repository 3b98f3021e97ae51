import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RANDOM_MODEL_PRESETS, writeRandomModel } from '../../../build/gguf/random-model.ts'
import type { ErrorCode } from '../../shared/contract/errors.ts'
import { EngineClient } from './engine-client.ts'
import { Inspector } from './inspector.ts'
import { nodeEngineStarter } from './node-engine-starter.ts'
import { demoModelPath, silentLog, startEngine } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'yangtuo-inspect-'))
const goodPath = join(folder, 'good.gguf')
/** One process for all files here: a file that kills it fails every test after it. */
let client: EngineClient
let good: Buffer

beforeAll(async () => {
  writeRandomModel(goodPath, { ...RANDOM_MODEL_PRESETS.tiny, name: '测试 model' })
  good = readFileSync(goodPath)
  client = new EngineClient({ process: startEngine(), modelName: 'test', log: silentLog })
  await client.started
})

afterAll(async () => {
  await client.end()
  rmSync(folder, { recursive: true })
})

/** Where the value of a metadata key begins. */
function valueOf(key: string): number {
  return good.indexOf(Buffer.from(key)) + key.length + 4
}

/** Where the dimensions, the type and the offset of a tensor of one dimension begin. */
function tensorOf(name: string): number {
  return good.indexOf(Buffer.from(name)) + name.length
}

test('a good file tells what it is', async () => {
  const facts = await client.call('inspect', { path: goodPath })
  expect(facts).toMatchObject({
    type: 'model',
    name: '测试 model',
    architecture: 'llama',
    parameterCount: 362816,
    quantization: 'F32',
    trainContextSize: 2048,
    hasChatTemplate: false,
    vocabularySize: 2000,
    vocabularyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    paths: [goodPath],
    sizeBytes: good.length,
    chat: { template: null, tokenizer: 'llama', preTokenizer: 'default', bosText: '<s>', eosText: '</s>' },
  })
  expect(await client.call('inspect', { path: demoModelPath })).toMatchObject({
    quantization: 'Q8_0',
    hasChatTemplate: true,
    chat: { endTexts: ['<|eot_id|>', '<|end_of_text|>'], names: ['yangtuo-demo'], bosText: '<|begin_of_text|>' },
  })
})

type Damage = (file: Buffer) => Buffer | void

const damages: [name: string, code: ErrorCode, damage: Damage][] = [
  ['empty', 'NOT_GGUF', () => Buffer.alloc(0)],
  ['no GGUF', 'NOT_GGUF', (file) => void file.write('XGUF')],
  ['cut after the magic', 'FILE_TRUNCATED', (file) => file.subarray(0, 4)],
  ['cut in the vocabulary', 'FILE_TRUNCATED', (file) => file.subarray(0, 2000)],
  ['cut in half', 'FILE_TRUNCATED', (file) => file.subarray(0, file.length >> 1)],
  ['cut by one byte', 'FILE_TRUNCATED', (file) => file.subarray(0, file.length - 1)],
  ['an unknown version', 'FILE_DAMAGED', (file) => void file.writeUInt32LE(99, 4)],
  ['2^40 tensors', 'FILE_DAMAGED', (file) => void file.writeBigUInt64LE(1n << 40n, 8)],
  ['2^40 values', 'FILE_DAMAGED', (file) => void file.writeBigUInt64LE(1n << 40n, 16)],
  ['a string of 2^50 bytes', 'FILE_DAMAGED', (file) => void file.writeBigUInt64LE(1n << 50n, 24)],
  [
    'an array of 2^45 strings',
    'FILE_DAMAGED',
    (file) => void file.writeBigUInt64LE(1n << 45n, valueOf('tokenizer.ggml.tokens') + 4),
  ],
  ['alignment 0', 'FILE_DAMAGED', (file) => void file.writeUInt32LE(0, valueOf('general.alignment'))],
  [
    'a name for the architecture that nobody knows',
    'ARCHITECTURE_UNSUPPORTED',
    (file) => void file.write('lxxxx', valueOf('general.architecture') + 8),
  ],
  // llama.cpp aborts the process on these two.
  ['no attention heads', 'FILE_DAMAGED', (file) => void file.writeUInt32LE(0, valueOf('llama.attention.head_count'))],
  ['a million layers', 'FILE_DAMAGED', (file) => void file.writeUInt32LE(1e6, valueOf('llama.block_count'))],
  [
    'an unknown tensor type',
    'FILE_DAMAGED',
    (file) => void file.writeUInt32LE(250, tensorOf('output_norm.weight') + 12),
  ],
  [
    'a tensor beyond the end',
    'FILE_DAMAGED',
    (file) => void file.writeBigUInt64LE(1n << 40n, tensorOf('output_norm.weight') + 16),
  ],
]

test.each(damages)('a file with the damage "%s" is refused with %s', async (name, code, damage) => {
  const path = join(folder, `${name}.gguf`)
  const copy = Buffer.from(good)
  writeFileSync(path, damage(copy) ?? copy)
  await expect(client.call('inspect', { path })).rejects.toMatchObject({ code, data: { path } })
})

test('what is no readable file says so', async () => {
  mkdirSync(join(folder, 'folder.gguf'))
  const refusal = (path: string) => client.call('inspect', { path }).catch((error: unknown) => error)
  expect(await refusal(join(folder, 'folder.gguf'))).toMatchObject({ code: 'FILE_IS_FOLDER' })
  expect(await refusal(join(folder, 'vanished.gguf'))).toMatchObject({ code: 'FILE_MISSING' })
  expect(await refusal(join(goodPath, 'below-a-file.gguf'))).toMatchObject({ code: 'FILE_MISSING' })
  if (process.platform === 'linux') expect(await refusal('/dev/zero')).toMatchObject({ code: 'FILE_UNREADABLE' })
  if (process.getuid?.() === 0) return // nothing is unreadable for root
  const secret = join(folder, 'secret.gguf')
  writeFileSync(secret, good)
  chmodSync(secret, 0)
  expect(await refusal(secret)).toMatchObject({ code: 'FILE_UNREADABLE', data: { reason: 'EACCES' } })
})

test.each([
  ['vocab', 'vocabulary'],
  ['mmproj', 'projector'],
])('a GGUF file of the type %s is no language model', async (type, kind) => {
  const path = join(folder, `${type}.gguf`)
  // One more value in front of the others: general.type.
  const count = good.readBigUInt64LE(16) + 1n
  const head = Buffer.from(good.subarray(0, 24))
  head.writeBigUInt64LE(count, 16)
  const string = (text: string) => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(text.length))
    return Buffer.concat([length, Buffer.from(text)])
  }
  const value = Buffer.concat([string('general.type'), Buffer.from([8, 0, 0, 0]), string(type)])
  writeFileSync(path, Buffer.concat([head, value, good.subarray(24), Buffer.alloc(64)]))
  await expect(client.call('inspect', { path })).rejects.toMatchObject({ code: 'NOT_A_LANGUAGE_MODEL', data: { kind } })
})

test('no flipped bits in the header hang or kill the inspecting process', async () => {
  const path = join(folder, 'flipped.gguf')
  const vocabularyStart = good.indexOf('tokenizer.ggml.tokens')
  const tensorsStart = good.indexOf('token_embd.weight')
  const position = fc.oneof(
    fc.integer({ min: 4, max: vocabularyStart + 60 }),
    fc.integer({ min: tensorsStart - 20, max: tensorsStart + 1200 }),
  )
  const flips = fc.array(fc.tuple(position, fc.integer({ min: 0, max: 7 })), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(flips, async (flips) => {
      const copy = Buffer.from(good)
      for (const [at, bit] of flips) copy[at]! ^= 1 << bit
      writeFileSync(path, copy)
      const startedAt = performance.now()
      const outcome = await client.call('inspect', { path }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      )
      expect(outcome).not.toBe('INTERNAL')
      expect(outcome).not.toBe('ENGINE_CRASHED')
      expect(performance.now() - startedAt).toBeLessThan(3000)
    }),
    { numRuns: 150 },
  )
})

// Bug: one bad file costs all that come after it, or leaves a process behind.
test.each([
  ['hangs', 'for (;;);'],
  ['crashes', 'process.abort()'],
])('a reader that %s means a damaged file, and the others are read', async (name, deed) => {
  const entry = join(folder, `${name}.mjs`)
  const badPath = join(folder, `bad-${name}.gguf`)
  writeFileSync(
    entry,
    `process.send({ type: 'started' })
     process.on('message', ({ id, input }) => {
       if (input.path === ${JSON.stringify(badPath)}) { ${deed} }
       process.send({ type: 'result', id, value: { name: input.path, pid: process.pid } })
     })`,
  )
  const inspector = new Inspector(nodeEngineStarter(entry, silentLog), silentLog)
  const paths = [...Array.from({ length: 6 }, (_, i) => `${i}.gguf`), badPath, 'last.gguf']
  const results = await Promise.allSettled(paths.map((path) => inspector.inspect(path)))
  const refused = paths.filter((_, index) => results[index]?.status === 'rejected')
  expect(refused).toEqual([badPath])
  const bad = results[6] as PromiseRejectedResult
  expect(bad.reason).toMatchObject({ code: 'FILE_DAMAGED', data: { path: badPath } })
  const pids = results.flatMap((result) => (result.status === 'fulfilled' ? [(result.value as never)['pid']] : []))
  expect(new Set(pids).size).toBeLessThanOrEqual(inspector.width + 1)
  await inspector.close()
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
})
