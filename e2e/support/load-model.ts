import type { Page } from '@playwright/test'
import { expect, type App } from './app-test.ts'
import { connectClient } from './client.ts'

/** Adds the file where it lies and loads it; returns when the window shows it. */
export async function importAndLoad(page: Page, app: App, path: string): Promise<void> {
  const { client, close } = await connectClient(app.host.address)
  const model = await client.models.importFile({ path })
  await client.models.load({ modelId: model.id })
  close()
  await expectLoaded(page, model.name)
}

/** The picker's button names the model that answers; while another is loaded, its name stands beside it. */
export async function expectLoaded(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('banner').getByRole('button', { name: new RegExp(name) })).toBeVisible({ timeout: 30_000 })
}
