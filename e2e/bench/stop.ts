/**
 * How long Stop takes, from the click to the window being ready for the next message: while a long prompt
 * is being read, and while the answer is being written. On the 207 M model, F16, so that reading takes long.
 *
 *   npm run bench -- stop
 */
import type { Page } from '@playwright/test'
import { midModel } from '../support/random-models.ts'
import { openAppWindow } from './app-window.ts'
import { median, report, rounded, type Row } from './report.ts'

const rounds = 8
const app = await openAppWindow()
const model = await app.client.models.importFile({ path: midModel('F16') })
await app.client.models.load({ modelId: model.id })

const rows: Row[] = []
for (const [what, words, waitMs] of [['reading a prompt', 700, 900], ['writing', 10, 1500]] as const) {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await app.page.getByRole('button', { name: 'New chat' }).first().click()
    await app.page.getByText('What would you like to know?').waitFor()
    const text = Array.from({ length: words }, (_, i) => ['tana', 'reki', 'lomu', 'sibe'][(i * 7 + round) % 4]).join(' ')
    await app.page.getByRole('textbox', { name: 'Message' }).fill(text)
    await app.page.getByRole('button', { name: 'Send', exact: true }).click()
    await app.page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await app.page.waitForTimeout(waitMs + round * 37)
    times.push(await stopTimeMs(app.page))
  }
  rows.push({ while: what, 'median ms': rounded(median(times), 0), 'longest ms': rounded(Math.max(...times), 0) })
}
await app.close()
report('stop', rows)

/** Measured inside the page, so that the test driver's own delays do not count. */
function stopTimeMs(page: Page): Promise<number> {
  return page.getByRole('button', { name: 'Stop', exact: true }).evaluate(
    (button: HTMLElement) =>
      new Promise<number>((resolve) => {
        const started = performance.now()
        const observer = new MutationObserver(() => {
          if (document.querySelector('button[aria-label="Stop"]')) return
          observer.disconnect()
          resolve(performance.now() - started)
        })
        observer.observe(document.body, { subtree: true, childList: true, attributes: true })
        button.click()
      }),
  )
}
