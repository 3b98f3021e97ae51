/**
 * A fake hub in a process of its own that offers one file of random bytes: `download-hub.ts <bytes>`. The file is
 * in memory, so that the hub takes as little as possible of the cores that it shares with what is measured.
 * Prints where it is.
 */
import { createHash, randomBytes } from 'node:crypto'
import { FakeHub } from '../../src/core/hubs/fake-hub.fixture.ts'

const content = Buffer.alloc(Number(process.argv[2]), randomBytes(2 ** 24 + 1))
const hash = createHash('sha256')
for (let at = 0; at < content.length; at += 2 ** 24) hash.update(content.subarray(at, at + 2 ** 24))

const hub = await FakeHub.start()
const revision = await hub.put('bench/model', { 'model.gguf': 'GGUF' })
// Not by `put`, which is made for small files.
const [file] = hub.repositories.get('bench/model')!.commits.get(revision)!
Object.assign(file!, { content, sizeBytes: content.length, sha256: hash.digest('hex') })
console.log(JSON.stringify({ endpoint: hub.huggingFace.url, revision }))
