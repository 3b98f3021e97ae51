/** The story test: a fresh data folder, a running host, and a window on it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { type HeadlessHost, startHeadlessHost } from './headless-host.ts'

export interface App {
  dataDirectory: string
  host: HeadlessHost
  /** Ends the host (in order, or by SIGKILL), starts it again on the same data and shows it in the page. */
  restart(how: 'stop' | 'kill'): Promise<void>
}

export const test = base.extend<{ app: App }>({
  app: [
    async ({ page }, use) => {
      // A space and Chinese in the path: both have broken such apps before.
      const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo 羊驼 '))
      const app: App = {
        dataDirectory,
        host: await startHeadlessHost(dataDirectory),
        async restart(how) {
          await app.host[how]()
          app.host = await startHeadlessHost(dataDirectory)
          await page.goto(app.host.address)
        },
      }
      await page.goto(app.host.address)
      await use(app)
      await app.host.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
    // Also for stories that never name the app.
    { auto: true },
  ],
})

export { expect }

/** Writes into the composer and sends; waits until the message stands in the thread. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('article', { name: 'You' }).last()).toContainText(text)
}

export function lastAnswer(page: Page) {
  return page.getByRole('article', { name: 'Assistant' }).last()
}

/** Waits until no answer is running in the open thread. */
export async function answered(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeHidden()
}
