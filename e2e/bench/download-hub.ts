/** A fake hub in a process of its own that offers one file: `download-hub.ts <file> <sha256>`. Prints its address. */
import { FakeHub } from '../../src/core/hubs/fake-hub.fixture.ts'

const [diskPath, sha256] = process.argv.slice(2) as [string, string]
const hub = await FakeHub.start()
const revision = await hub.put('bench/model', { 'model.gguf': { diskPath, sha256 } })
console.log(JSON.stringify({ endpoint: hub.huggingFace.url, revision }))
