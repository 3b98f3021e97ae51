/**
 * How smooth the window stays while an answer streams into a thread of 500 messages: frames that came late,
 * long tasks of the page, and the text that arrived. The model answers as fast as it can.
 *
 *   npm run bench -- stream
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHeadlessHost } from '../support/headless-host.ts'
import { writeLongThread } from '../support/long-thread.ts'
import { endlessModel } from '../support/random-models.ts'
import { openAppWindow } from './app-window.ts'
import { median, report, rounded } from './report.ts'
import { watchFrames } from './watch-frames.ts'

const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo-bench-'))
await (await startHeadlessHost(dataDirectory)).stop()
const chatId = writeLongThread(dataDirectory, 'Five hundred', 500)
const app = await openAppWindow(dataDirectory)
const model = await app.client.models.importFile({ path: endlessModel() })
await app.client.models.load({ modelId: model.id })
await app.client.chats.update({ chatId, sampling: { temperature: 0, repeatPenalty: 1 }, modelId: model.id })

await app.page.getByText('Five hundred').click()
await app.page.waitForFunction(() => document.querySelector('article[aria-setsize="500"]'))
await app.page.getByRole('textbox', { name: 'Message' }).fill('tana')
await app.page.waitForTimeout(1000)
const watching = watchFrames(app.page, 8000)
await app.page.getByRole('button', { name: 'Send', exact: true }).click()
const { frames, longTasks } = await watching
await app.page.getByRole('button', { name: 'Send', exact: true }).waitFor()
const answer = (await app.client.chats.messages({ chatId })).at(-1)!
await app.close()
await rm(dataDirectory, { recursive: true, force: true })

const sorted = frames.toSorted((a, b) => a - b)
report('stream', [
  { what: 'answer tok/s', value: rounded(answer.runCard?.tokensPerSecond ?? Number.NaN) },
  { what: 'frame interval, median ms', value: rounded(median(frames)) },
  { what: 'frame interval, 99th percentile ms', value: rounded(sorted[Math.floor(sorted.length * 0.99)]!) },
  { what: 'long tasks over 50 ms', value: longTasks.length },
  { what: 'longest task ms', value: rounded(Math.max(0, ...longTasks)) },
])
