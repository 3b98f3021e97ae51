/**
 * Search over 100,000 messages: each kind of query over the contract, as a window asks it, and the longest piece of
 * work that kept the host's event loop; before that, how long the index takes to be built for texts it does not know.
 *
 *   npm run bench -- search
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openDatabase } from '../../src/core/database/open-database.ts'
import { SearchRepository } from '../../src/core/search/search-repository.ts'
import { fold, gramsOf } from '../../src/core/search/search-text.ts'
import { connectClient } from '../support/client.ts'
import { startHeadlessHost } from '../support/headless-host.ts'
import { writeManyMessages } from '../support/many-messages.ts'
import { median, report, rounded } from './report.ts'

const messageCount = 100_000
const rounds = 7
const queries: Record<string, string[]> = {
  'one Chinese character': ['的', '羊', '一', '丌', '龘'],
  'two Chinese characters': ['羊驼', '模型', '下载', '驼羊', '丌丒'],
  'Chinese, longer': ['是什么', '羊驼是什么', '模型文件夹', '什么是羊驼呢', '下载的羊驼模型'],
  'one or two letters': ['e', 'a', 'th', 'zq', '?', '=>', '`'],
  'a word': ['the', 'function', 'functions', 'package', 'xylophone', 'LICENSE', 'ｎｏｄｅ'],
  'a word of common letters that is nowhere': ['theand', 'ingtion', 'therethat', 'ersting', 'contention', 'nestation'],
  'several words': ['install the', 'node function', '羊驼 模型', '的 e', 'the and for this with'],
  'a long text that is nowhere': ['羊驼'.repeat(100), 'the function returns '.repeat(20)],
}

const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo-bench-'))
const databasePath = join(dataDirectory, 'yangtuo.db')
const delayPath = join(dataDirectory, 'loop-delay.json')

function build() {
  const database = openDatabase(databasePath)
  writeManyMessages(database, messageCount, 50)
  const pages = () => (database.prepare('PRAGMA page_count').get() as { page_count: number }).page_count * 4096
  const textBytes = pages()
  const repository = new SearchRepository(database)
  const slices: number[] = []
  for (let count = 1; count > 0; ) {
    const startedAt = performance.now()
    count = repository.indexPending(10, (text) => gramsOf(fold(text)))
    slices.push(performance.now() - startedAt)
  }
  const indexBytes = pages() - textBytes
  database.close()
  return { slices, textBytes, indexBytes }
}

const { slices, textBytes, indexBytes } = build()
const { size } = await stat(databasePath)

process.env['YANGTUO_LOOP_DELAY'] = delayPath
process.env['NODE_OPTIONS'] = `--import=${resolve(import.meta.dirname, 'loop-delay.ts')}`
const host = await startHeadlessHost(dataDirectory)
const { client, close } = await connectClient(host.address)
await client.search.find({ query: 'x', limit: 100 })
host.process.kill('SIGUSR2')

const rows = []
const all: number[] = []
for (const [kind, texts] of Object.entries(queries)) {
  const times: number[] = []
  let hits = 0
  for (const query of texts) {
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      const found = await client.search.find({ query, limit: 100 })
      times.push(performance.now() - startedAt)
      if (round === 0) hits += found.hits.length
      if (round === 0 && process.env['VERBOSE']) console.log(query.slice(0, 20), found.hits.length, rounded(times.at(-1)!))
    }
  }
  all.push(...times)
  rows.push({ query: kind, hits, 'median, ms': rounded(median(times)), 'longest, ms': rounded(Math.max(...times)) })
}
close()
await host.stop()
const { longestMs } = JSON.parse(await readFile(delayPath, 'utf8')) as { longestMs: number }
await rm(dataDirectory, { recursive: true, force: true })

report('search', [
  ...rows,
  { query: 'all', 'median, ms': rounded(median(all)), 'longest, ms': rounded(Math.max(...all)) },
  { query: 'longest piece of work on the event loop', 'longest, ms': rounded(longestMs) },
  {
    query: 'ten messages brought into the index',
    'median, ms': rounded(median(slices)),
    'longest, ms': rounded(Math.max(...slices)),
  },
])
const seconds = rounded(slices.reduce((sum, ms) => sum + ms, 0) / 1000, 0)
console.log(`index built in ${seconds} s; ${rounded(indexBytes / 1e6, 0)} MB beside ${rounded(textBytes / 1e6, 0)} MB, file ${rounded(size / 1e6, 0)} MB`)
