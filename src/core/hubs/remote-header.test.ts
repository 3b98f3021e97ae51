import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeGguf, type GgufMetadata } from '../../../build/gguf/write-gguf.ts'
import { readGgufHeader } from '../../engine/gguf-header.ts'
import { FakeHub } from './fake-hub.fixture.ts'
import { readRemoteHeader } from './remote-header.ts'

let hub: FakeHub
const folder = mkdtempSync(join(tmpdir(), 'yangtuo 羊驼　'))

beforeAll(async () => {
  hub = await FakeHub.start()
})
afterAll(async () => {
  await hub.close()
  rmSync(folder, { recursive: true })
})

function read(sizeBytes: number) {
  const url = `${hub.huggingFace.url}/a/b/resolve/main/x.gguf`
  const location = { sourceId: 'hugging-face' as const, url, headers: {} }
  return readRemoteHeader(location, { repository: 'a/b', pageUrl: '' }, 'x.gguf', sizeBytes)
}

async function readBoth(diskPath: string) {
  await hub.put('a/b', { 'x.gguf': { diskPath, sha256: '0'.repeat(64) } })
  const { sizeBytes } = [...hub.repositories.get('a/b')!.commits.values()].at(-1)![0]!
  hub.huggingFace.cdn.requests.length = 0
  const remote = await read(sizeBytes)
  return { ...remote, local: readGgufHeader(diskPath), requests: hub.huggingFace.cdn.requests.length, sizeBytes }
}

const usualEnd: GgufMetadata = {
  'tokenizer.ggml.bos_token_id': { type: 'uint32', value: 0 },
  'tokenizer.chat_template': { type: 'string', value: '{{ messages }}' },
}

/** A model of 5 GB with the shape of Llama 3 8B; its data takes no space on the disk. */
function writeLlama3(path: string, tokens: string[], merges: string[], after: GgufMetadata = usualEnd): void {
  const layers = Array.from({ length: 32 }, (_, i) => [
    { name: `blk.${i}.ffn_gate.weight`, dims: [4096, 14336] },
    { name: `blk.${i}.attn_norm.weight`, dims: [4096] },
  ])
  const tensors = [{ name: 'token_embd.weight', dims: [4096, tokens.length] }, ...layers.flat()]
  writeGguf(
    path,
    {
      'general.architecture': { type: 'string', value: 'llama' },
      'general.name': { type: 'string', value: '羊驼　8B' },
      'llama.context_length': { type: 'uint32', value: 8192 },
      'tokenizer.ggml.model': { type: 'string', value: 'gpt2' },
      'tokenizer.ggml.tokens': { type: 'string[]', value: tokens },
      'tokenizer.ggml.token_type': { type: 'int32[]', value: tokens.map(() => 1) },
      'tokenizer.ggml.merges': { type: 'string[]', value: merges },
      ...after,
    },
    tensors.map((tensor) => ({ ...tensor, type: 'f16', data: () => new Uint16Array(0) })),
    { sparse: true },
  )
}

const letters = 'abcdefghijklmnopqrstuvwxyzĠĊéä羊驼'
const word = (i: number, length: number) =>
  Array.from({ length }, (_, k) => letters[(i * 31 + k * 17 + ((i >> k) % 7)) % letters.length]).join('')
const tokens = Array.from({ length: 128_256 }, (_, i) => word(i, 1 + Math.floor(i / 15_000) + (i % 3)))
const merges = Array.from(
  { length: 280_147 },
  (_, i) => `${word(i, 2 + (i % 5))} ${word(i + 1, 1 + Math.floor(i / 60_000))}`,
)

test('the header of a file of 5 GB with the vocabulary of Llama 3 takes less than 4 MB', async () => {
  const path = join(folder, 'Llama 3　羊驼.gguf')
  writeLlama3(path, tokens, merges)
  const { header, local, transferredBytes, requests, sizeBytes } = await readBoth(path)
  expect(sizeBytes).toBeGreaterThan(4_000_000_000)
  expect(header).toEqual(local)
  const vocabulary = local.metadata.get('tokenizer.ggml.merges') as { offset: number; sizeBytes: number }
  expect(vocabulary.offset + vocabulary.sizeBytes).toBeGreaterThan(7_000_000)
  expect(transferredBytes).toBeLessThan(1_500_000)
  expect(requests).toBeLessThan(20)
  // Only the first one is redirected.
  expect(hub.huggingFace.requests).toHaveLength(1)
})

// Bugs: the search runs past the end because what follows looks like more texts, or stops before it.
test.each([
  ['spaces in tokens', tokens.map((token, i) => (i % 2 ? token : `${token} x`)), merges],
  ['texts that look like keys', tokens.map((token, i) => (i % 5000 ? token : `tokenizer.ggml.${token}`)), merges],
  ['empty tokens', tokens.map((token, i) => (i % 40 ? token : '')), merges],
  ['very long tokens', tokens.map((token, i) => (i % 20 ? token : 'Ġ'.repeat(1500))), merges],
  ['tokens of one byte', tokens.map(() => 'a'), merges],
  ['shortest merges', tokens, merges.map(() => 'a b')],
  ['few merges', tokens, merges.slice(0, 1000)],
  ['random bytes', tokens.map(() => randomBytes(1 + Math.floor(Math.random() * 12)).toString('latin1')), merges],
])('is exact with %s', async (_, someTokens, someMerges) => {
  const path = join(folder, 'odd.gguf')
  writeLlama3(path, someTokens, someMerges)
  const { header, local } = await readBoth(path)
  expect(header).toEqual(local)
})

test('is exact where the merges are the last of the metadata', async () => {
  const path = join(folder, 'last.gguf')
  writeLlama3(path, tokens, merges, {})
  const { header, local } = await readBoth(path)
  expect(header).toEqual(local)
})

test('reads the demo model, and refuses what is no GGUF or has other bytes', async () => {
  const { header, local } = await readBoth(resolve('resources/demo-model/yangtuo-demo.gguf'))
  expect(header).toEqual(local)
  await hub.put('a/b', { 'x.gguf': 'no GGUF at all' })
  await expect(read(14)).rejects.toMatchObject({ code: 'NOT_GGUF', data: { path: 'x.gguf' } })
  hub.huggingFace.cdn.faults.ignoresRanges = true
  await expect(read(14)).rejects.toMatchObject({ code: 'HUB_FAILED' })
  hub.huggingFace.cdn.faults.ignoresRanges = false
})
