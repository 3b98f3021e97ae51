/** The story test: a fresh data folder and home, a running host, and a window on it. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { FakeHub } from '../../src/core/hubs/fake-hub.fixture.ts'
import { type HeadlessHost, startHeadlessHost } from './headless-host.ts'

export interface App {
  dataDirectory: string
  /** The person's home folder, where other apps keep their models. */
  home: string
  /** Only for stories with `useHub: true`. */
  hub: FakeHub
  host: HeadlessHost
  /** Ends the host (in order, or by SIGKILL), starts it again on the same data and shows it in the page. */
  restart(how: 'stop' | 'kill'): Promise<void>
}

export const test = base.extend<{ app: App; useHub: boolean }>({
  /** Whether the host asks a hub on the loopback for models; without it, none can be reached. */
  useHub: [false, { option: true }],
  app: [
    async ({ page, useHub }, use) => {
      // A space and Chinese in the path: both have broken such apps before.
      const folder = await mkdtemp(join(tmpdir(), 'yangtuo 羊驼 '))
      const dataDirectory = join(folder, 'data')
      const home = join(folder, 'home')
      await mkdir(home)
      const hub = await FakeHub.start()
      if (!useHub) await hub.close()
      const environment = { ...hub.environment, HOME: home, USERPROFILE: home }
      const app: App = {
        dataDirectory,
        home,
        hub,
        host: await startHeadlessHost(dataDirectory, environment),
        async restart(how) {
          await app.host[how]()
          app.host = await startHeadlessHost(dataDirectory, environment)
          await page.goto(app.host.address)
        },
      }
      await page.goto(app.host.address)
      await use(app)
      await app.host.stop()
      if (useHub) await hub.close()
      await rm(folder, { recursive: true, force: true })
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

/** Goes to a place by the rail: `Chats`, `Models` or `Settings`. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place, exact: true }).click()
}
