/**
 * A fake hub in a process of its own that offers one file of random bytes: `download-hub.ts <bytes>`. The file is
 * in memory, so that the hub takes as little as possible of the cores that it shares with what is measured.
 * Prints where it is.
 */
import { randomBytes } from 'node:crypto'
import { FakeHub } from '../../src/core/hubs/fake-hub.fixture.ts'

const bytes = Buffer.alloc(Number(process.argv[2]), randomBytes(2 ** 24 + 1))
const hub = await FakeHub.start()
const revision = await hub.put('bench/model', { 'model.gguf': bytes })
console.log(JSON.stringify({ endpoint: hub.huggingFace.url, revision }))
