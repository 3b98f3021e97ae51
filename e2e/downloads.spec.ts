/** From nothing to a chat with a downloaded model, and what can go wrong on the way. */
import { readFile, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { CatalogEntry } from '../src/shared/contract/catalog.ts'
import type { FakeHub } from '../src/core/hubs/fake-hub.fixture.ts'
import { answered, expect, goTo, lastAnswer, send, test } from './support/app-test.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { midModel } from './support/random-models.ts'

test.use({ useHub: true })

/** The demo model under another name: a copy of what is here already would not be offered for download. */
const demoModel = await readFile(resolve(import.meta.dirname, '../resources/demo-model/yangtuo-demo.gguf'))
demoModel.write('Yangtuo Test', demoModel.indexOf('Yangtuo Demo'))

/** Whatever is suggested for this machine, the hub has it: small, and able to answer. */
async function putCatalog(hub: FakeHub): Promise<void> {
  const folder = resolve(import.meta.dirname, '../resources/catalog')
  const names = (await readdir(folder)).filter((name) => /^chinese-llama-alpaca/.test(name))
  for (const name of names) {
    const entries = JSON.parse(await readFile(join(folder, name), 'utf8')) as CatalogEntry[]
    for (const { repositories, files } of entries) {
      const repository = repositories.gguf.huggingFace
      if (repository) await hub.put(repository, Object.fromEntries(files.map(({ name }) => [name, demoModel])))
    }
  }
}

test('from the first start to a chat with a downloaded model', async ({ page, app }) => {
  await putCatalog(app.hub)
  const card = page.getByRole('region', { name: 'A model that fits this machine' })
  await card.getByRole('button', { name: /^Download/ }).click()
  await card.getByRole('button', { name: 'Load and chat' }).click({ timeout: 30_000 })
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
})

test('a pasted reference is opened, downloaded and chatted with', async ({ page, app }) => {
  await app.hub.put('someone/alpaca-GGUF', { 'README.md': 'Alpacas.', 'alpaca-Q8_0.gguf': demoModel })
  await goTo(page, 'Models')
  await page.getByRole('tab', { name: 'Discover' }).click()
  await page.getByRole('searchbox', { name: /Find models/ }).fill('someone/alpaca-GGUF:Q8_0')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Download/ }).first().click()
  await page.getByRole('tab', { name: 'Downloads' }).click()
  await page.getByRole('button', { name: 'Load and chat' }).click({ timeout: 30_000 })
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
})

test('a download survives kill -9 of the app and goes on where it was', async ({ page, app }) => {
  await app.hub.put('someone/large-GGUF', { 'large-F16.gguf': { diskPath: midModel('F16') } })
  app.hub.huggingFace.cdn.faults.bytesPerSecond = 8_000_000
  await goTo(page, 'Models')
  await page.getByRole('tab', { name: 'Discover' }).click()
  await page.getByRole('searchbox', { name: /Find models/ }).fill('someone/large-GGUF')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Download/ }).first().click()
  await page.getByRole('tab', { name: 'Downloads' }).click()
  await expect(page.getByText(/MB\/s/).first()).toBeVisible()
  await page.waitForTimeout(2500)
  const sentBefore = app.hub.huggingFace.cdn.requests.length
  await app.restart('kill')
  app.hub.huggingFace.cdn.faults.bytesPerSecond = null
  await goTo(page, 'Models')
  await page.getByRole('tab', { name: 'Downloads' }).click()
  await expect(page.getByRole('button', { name: 'Load and chat' })).toBeVisible({ timeout: 60_000 })
  const ranges = app.hub.huggingFace.cdn.requests.slice(sentBefore).map(({ headers }) => headers.range)
  expect(ranges.every((range) => range !== undefined && range !== 'bytes=0-')).toBe(true)
  const folder = join(app.dataDirectory, 'models/someone/large-GGUF')
  expect(await readdir(folder)).toEqual(['large-F16.gguf'])
})
