/**
 * From `npm start -- --headless` on a built tree to the first paint and to the first text of the demo
 * model's answer, in a browser that is already running; and the memory of the host without its engine.
 *
 *   npm run bench -- start
 */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { findBrowser } from '../../build/find-browser.ts'
import { openAppWindow } from './app-window.ts'
import { median, report, rounded } from './report.ts'

const browser = await chromium.launch({
  executablePath: (await findBrowser({ mayInstall: false })) ?? undefined,
  chromiumSandbox: process.getuid?.() !== 0,
})
const address: number[] = []
const paint: number[] = []
const token: number[] = []
for (let round = 0; round < 5; round++) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo-bench-'))
  const started = Date.now()
  const npm = spawn('npm', ['start', '--silent', '--', '--headless', '--data-dir', dataDirectory], {
    cwd: resolve(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const url = await new Promise<string>((found) => {
    createInterface({ input: npm.stdout }).on('line', (line) => {
      const match = /http:\/\/\S+/.exec(line)
      if (match) found(match[0])
    })
  })
  address.push(Date.now() - started)
  const page = await browser.newPage({ locale: 'zh-CN' })
  await page.goto(url)
  await page.getByRole('textbox', { name: '消息' }).fill('你是谁？')
  await page.getByRole('button', { name: '发送' }).click()
  await page.waitForFunction(() => {
    const answer = [...document.querySelectorAll('article[aria-label="助手"]')].at(-1)
    return /[\u4e00-\u9fff]/.test(answer?.querySelector('.markdown')?.textContent ?? '')
  })
  token.push(Date.now() - started)
  paint.push(
    await page.evaluate(
      (start) => performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0]!.startTime - start,
      started,
    ),
  )
  await page.close()
  process.kill(-npm.pid!, 'SIGTERM')
  await new Promise((ended) => npm.once('exit', ended))
  await rm(dataDirectory, { recursive: true, force: true })
}
await browser.close()

const app = await openAppWindow()
await app.page.waitForTimeout(5000)
const status = await readFile(`/proc/${app.host.process.pid}/status`, 'utf8').catch(() => '')
const residentMB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1000
await app.close()

report('start', [
  { what: 'npm start to the address printed, ms', median: rounded(median(address), 0), longest: Math.max(...address) },
  { what: 'to the first paint, ms', median: rounded(median(paint), 0), longest: rounded(Math.max(...paint), 0) },
  { what: "to the demo answer's first text, ms", median: rounded(median(token), 0), longest: Math.max(...token) },
  { what: 'resident memory of the host without engine, MB', median: rounded(residentMB, 0), longest: rounded(residentMB, 0) },
])
