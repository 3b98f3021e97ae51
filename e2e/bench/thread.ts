/**
 * The thread in a real window: how long a chat of 10,000 messages takes to open, how evenly it scrolls, and the long
 * tasks while an answer of 20,000 tokens with code and tables streams at 200 tokens a second. The answer comes from
 * a scripted engine process through the real core and host.
 *
 *   npm run bench -- thread [tokens]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { findBrowser } from '../../build/find-browser.ts'
import { createCore } from '../../src/core/create-core.ts'
import { nodeEngineStarter } from '../../src/core/engine/node-engine-starter.ts'
import { openLog } from '../../src/core/log.ts'
import { startWebUi } from '../../src/server/web-ui/start-web-ui.ts'
import { startHeadlessHost } from '../support/headless-host.ts'
import { writeLongThread } from '../support/long-thread.ts'
import { median, report, rounded } from './report.ts'
import { watchFrames } from './watch-frames.ts'

const tokens = Number(process.argv[2] ?? 20_000)
const root = resolve(import.meta.dirname, '../..')
const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo-bench-'))
await (await startHeadlessHost(dataDirectory)).stop()
for (let i = 0; i < 3; i++) writeLongThread(dataDirectory, `Ten thousand ${i}`, 10_000)
process.env.YANGTUO_SCRIPT = join(dataDirectory, 'script.md')
process.env.YANGTUO_SCRIPT_RATE = '200'
await writeFile(process.env.YANGTUO_SCRIPT, longAnswer(tokens * 3))

const log = openLog(join(dataDirectory, 'logs'))
const modelsDirectory = join(dataDirectory, 'models')
const core = await createCore({
  dataDirectory,
  modelsDirectory,
  catalogDirectory: join(root, 'resources/catalog'),
  bundledModelPath: join(root, 'resources/demo-model/yangtuo-demo.gguf'),
  versions: { app: '', node: process.versions.node, electron: null, nodeLlamaCpp: '' },
  downloadWorkerPath: join(root, 'src/core/downloads/download-worker.ts'),
  interchangeWorkerPath: join(root, 'src/core/interchange/interchange-worker.ts'),
  startEngine: nodeEngineStarter(join(import.meta.dirname, 'scripted-engine.ts'), log),
  log,
  capabilities: { fileDialog: false, revealFile: false, trash: false, uploadUrl: null },
})
const webUi = await startWebUi({
  port: 0,
  directory: join(root, 'out/renderer'),
  modelsDirectory,
  router: core.router,
  importModel: async () => {},
  log,
})
const browser = await chromium.launch({
  executablePath: (await findBrowser({ mayInstall: false })) ?? undefined,
  chromiumSandbox: process.getuid?.() !== 0,
})
const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } })
await page.goto(webUi.address)
await page.getByText('Ten thousand 0').waitFor()
await page.waitForTimeout(3000)

/** From the click to the frame that shows the last message. */
const opened: number[] = []
for (let round = 0; round < 6; round++) {
  await page.getByRole('button', { name: 'New chat' }).first().click()
  await page.waitForTimeout(1500)
  opened.push(
    await page.evaluate(async (title) => {
      const row = [...document.querySelectorAll('nav *')].find((e) => e.children.length === 0 && e.textContent === title)!
      const startMs = performance.now()
      ;(row as HTMLElement).click()
      while (!document.querySelector('[role=feed] article')) await new Promise(requestAnimationFrame)
      await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)))
      return performance.now() - startMs
    }, `Ten thousand ${round % 3}`),
  )
  await page.waitForTimeout(2000)
}

const scrolling = watchFrames(page, 4000)
await page.mouse.move(700, 400)
for (let i = 0; i < 60; i++) {
  await page.mouse.wheel(0, i < 40 ? -400 : 400)
  await page.waitForTimeout(40)
}
const scrolled = await scrolling

await page.getByRole('button', { name: 'New chat' }).first().click()
await page.waitForTimeout(2000)
await page.getByRole('textbox', { name: 'Message' }).fill('Write.')
await page.getByRole('button', { name: 'Send', exact: true }).click()
// From the first word on: before that the model is being loaded.
await page.locator('.markdown').waitFor({ timeout: 120_000 })
const streamed = await watchFrames(page, (tokens / 200) * 1000)
await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden', timeout: 60_000 })
const characters = await page.evaluate(() => document.querySelector('.markdown')?.textContent.length ?? 0)

await browser.close()
await webUi.close()
await core.close()
await rm(dataDirectory, { recursive: true, force: true })

const worst = (values: number[]) => rounded(Math.max(0, ...values))
const late = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN
report('thread', [
  { what: 'opening 10,000 messages, median ms', value: rounded(median(opened)) },
  { what: 'opening 10,000 messages, longest ms', value: worst(opened) },
  { what: 'scrolling, frame interval, median ms', value: rounded(median(scrolled.frames)) },
  { what: 'scrolling, frame interval, 99th percentile ms', value: rounded(late(scrolled.frames)) },
  { what: 'scrolling, long tasks over 50 ms', value: scrolled.longTasks.length },
  { what: `streaming ${tokens} tokens, characters shown`, value: characters },
  { what: 'streaming, frame interval, median ms', value: rounded(median(streamed.frames)) },
  { what: 'streaming, frame interval, 99th percentile ms', value: rounded(late(streamed.frames)) },
  { what: 'streaming, long tasks over 50 ms', value: streamed.longTasks.length },
  { what: 'streaming, longest task ms', value: worst(streamed.longTasks) },
])

/** Chapters of prose, lists, formulas, code of 120 lines and tables of 60 rows. */
function longAnswer(characters: number): string {
  let text = ''
  for (let chapter = 1; text.length < characters; chapter++) {
    const lines = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, n) => line(n)).join('\n')
    text += [
      `## 第 ${chapter} 章：**羊驼**与美洲驼`,
      '羊驼比美洲驼小，毛更细，*主要*为取毛而饲养；美洲驼则用来驮运。它们的祖先见 [百科](https://example.org/alpaca)。'.repeat(3),
      lines(8, (n) => `${n + 1}. 第 ${n} 点：\`weight_${n}\` 约为 $${n}x^2$，价格 $${n + 5}。`),
      `\`\`\`python\n${lines(120, (n) => `def herd_${n}(alpacas: list[str]) -> int:  # ${n}\n    return len(alpacas) * ${n}`)}\n\`\`\``,
      `| 名称 | 体重 (kg) | 说明 |\n|---|---:|---|\n${lines(60, (n) => `| 羊驼 ${n} | ${60 + n} | **毛** \`${n}\` 号 |`)}`,
      `$$\nE_${chapter} = \\sum_{i=0}^{n} \\frac{x_i^2}{${chapter}}\n$$`,
      '',
    ].join('\n\n')
  }
  return text.slice(0, characters)
}
