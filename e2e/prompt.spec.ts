/** What the model is given, token by token, and what happens when it no longer fits. */
import type { Page } from '@playwright/test'
import { answered, expect, lastAnswer, send, test, type App } from './support/app-test.ts'
import { connectClient, type Client } from './support/client.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { importAndLoad } from './support/load-model.ts'
import { endlessModel, wideModel } from './support/random-models.ts'

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const gauge = (page: Page) => page.getByRole('button', { name: /^Context: [\d,]+ of/ })
const dialog = (page: Page) => page.getByRole('dialog')

async function withClient<Result>(app: App, work: (client: Client) => Promise<Result>): Promise<Result> {
  const { client, close } = await connectClient(app.host.address)
  try {
    return await work(client)
  } finally {
    close()
  }
}

/** Loads the demo model anew with a context of so many tokens. */
async function shrinkContext(page: Page, app: App, contextSize: number): Promise<void> {
  // The load at the start would come in between.
  await expect(page.getByRole('banner')).toContainText('CPU')
  await withClient(app, async (client) => {
    const modelId = await demoModelId(client)
    await client.models.saveLoadOverrides({ modelId, loadOverrides: { contextSize } })
    await client.models.load({ modelId, reload: true })
  })
  await composer(page).fill('你是谁？')
  await expect(gauge(page)).toHaveAccessibleName(new RegExp(` of ${contextSize} `))
}

async function demoModelId(client: Client): Promise<string> {
  for await (const event of await client.models.watch()) {
    const models = event.type === 'models' || event.type === 'models-saved' ? event.models : []
    const demo = models.find(({ source }) => source === 'bundled')
    if (demo) return demo.id
  }
  throw new Error('The stream of models ended without the demo model.')
}

async function openMenu(page: Page, item: string): Promise<void> {
  await lastAnswer(page).hover()
  await lastAnswer(page).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('the gauge and the exact prompt say the same numbers, and the cached part is marked', async ({ page }) => {
  await send(page, '你是谁？')
  await answered(page)
  await composer(page).fill('1+1等于几？')
  const tokens = async () => /Context: ([\d,]+) of/.exec((await gauge(page).getAttribute('aria-label')) ?? '')?.[1]
  const before = await tokens()
  await composer(page).fill('1+1等于几？1+1等于几？')
  await expect.poll(tokens).not.toBe(before)
  const counted = await tokens()

  await gauge(page).hover()
  await expect(page.getByRole('tooltip')).toContainText('Your message')
  await gauge(page).click()
  await expect(page.getByText('When the context is full')).toBeVisible()
  await page.getByRole('button', { name: 'Show the exact prompt' }).click()
  await expect(dialog(page)).toContainText(`${counted} of 2,048 tokens`)
  await expect(dialog(page).locator('.token')).toHaveCount(Number(counted) + 2)
  await expect(dialog(page).locator('.token[data-cached]').first()).toBeVisible()
  await expect(dialog(page).locator('.token[data-control]').first()).toBeVisible()

  await dialog(page).getByRole('searchbox').fill('1+1')
  await expect(dialog(page)).toContainText('1 of 2 hits')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toContainText('2 of 2 hits')
  await dialog(page).getByRole('checkbox', { name: 'Token numbers' }).check()
  await expect(dialog(page).locator('.token small').first()).toContainText(/\d/)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await dialog(page).getByRole('button', { name: 'Copy the text' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain(demoAnswer('你是谁？'))
  expect(copied.match(/1\+1等于几？/g)).toHaveLength(2)
})

test('a past answer shows its own prompt; where its model is not loaded, it is loaded from there', async ({ page, app }) => {
  await send(page, '你是谁？')
  await answered(page)
  await openMenu(page, 'Show the exact prompt')
  await expect(dialog(page)).toContainText('你是谁？')
  await expect(dialog(page)).not.toContainText('演示模型')
  await page.keyboard.press('Escape')

  await withClient(app, async (client) => client.models.unload({ modelId: await demoModelId(client) }))
  await openMenu(page, 'Show the exact prompt')
  await dialog(page).getByRole('button', { name: /^Load / }).click()
  await expect(dialog(page).locator('.token').first()).toBeVisible({ timeout: 30_000 })
  await expect(dialog(page)).toContainText('你是谁？')
})

test('of a prompt of 20,000 tokens only what is in sight is in the page', async ({ page, app }) => {
  await importAndLoad(page, app, wideModel())
  const words = Array.from({ length: 12_000 }, (_, index) => (index % 12 === 11 ? 'kilima\n' : `reki ${index} `)).join('')
  await page.getByRole('main').locator('input[type=file]').setInputFiles({
    name: 'long.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(words),
  })
  await composer(page).fill('tana')
  await expect(gauge(page)).toBeVisible({ timeout: 30_000 })
  await expect
    .poll(async () => Number(/Context: ([\d,]+)/.exec((await gauge(page).getAttribute('aria-label')) ?? '')?.[1]?.replaceAll(',', '')), { timeout: 30_000 })
    .toBeGreaterThan(20_000)
  await gauge(page).click()
  await page.getByRole('button', { name: 'Show the exact prompt' }).click()
  await expect(dialog(page).locator('.token').nth(50)).toBeVisible({ timeout: 30_000 })
  const list = dialog(page).getByRole('group', { name: 'Tokens of the prompt' })
  for (let at = 0; at < 20; at++) await list.evaluate((element) => element.scrollBy(0, 4000))
  await dialog(page).getByRole('searchbox').fill('tana')
  await expect(dialog(page)).toContainText(/hits?/)
  expect(await dialog(page).locator('.token').count()).toBeLessThan(3000)
})

test('what will be left out is said before sending, and shown in the thread after it', async ({ page, app }) => {
  await shrinkContext(page, app, 256)
  for (let turn = 0; turn < 7; turn++) {
    await send(page, '用 Python 写一个加法函数。')
    await answered(page)
  }
  await composer(page).fill('你是谁？')
  await expect(page.getByText(/do(es)? not fit and (is|are) left out/)).toBeVisible()
  await composer(page).press('Enter')
  await answered(page)
  await expect(lastAnswer(page)).toContainText('Finished')
  await expect(page.getByText(/earlier messages? (is|are) not in the prompt from here on/)).toBeVisible()
  await lastAnswer(page).getByRole('button', { name: /prompt tokens/ }).click()
  await expect(dialog(page)).toContainText('Left out of the prompt')
  await page.keyboard.press('Escape')

  // The choice of this chat: nothing is left out, and so nothing is sent.
  await composer(page).fill('1+1等于几？')
  await gauge(page).click()
  await page.getByRole('radio', { name: /Stop and say so/ }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByText(/This will not fit/)).toBeVisible()
  await composer(page).press('Enter')
  await expect(page.getByRole('alert').first()).toContainText(/tokens/)
  await expect(composer(page)).toHaveValue('1+1等于几？')
})

test('what is left out is summarised by the model, and the summary can be edited', async ({ page, app }) => {
  await shrinkContext(page, app, 256)
  await gauge(page).or(page.getByRole('button', { name: /The context is counted/ })).click()
  await page.getByRole('radio', { name: /^Summarise/ }).click()
  await page.keyboard.press('Escape')
  for (let turn = 0; turn < 9; turn++) {
    await send(page, '用 Python 写一个加法函数。')
    await answered(page)
  }
  const summary = page.getByRole('region', { name: 'Summary' }).first()
  await expect(summary).toContainText('Summary by')
  await summary.getByRole('button', { name: 'Edit the summary' }).click()
  await summary.getByRole('textbox').fill('The person asked for a function that adds.')
  await summary.getByRole('button', { name: 'Save' }).click()
  await expect(summary).toContainText('edited by you')
  await expect(summary).toContainText('The person asked for a function that adds.')
})

test('an answer is read token by token by keyboard, and goes on from another token', async ({ page, app }) => {
  await importAndLoad(page, app, endlessModel())
  await withClient(app, async (client) => {
    for await (const event of await client.chats.watch()) {
      if (event.type !== 'chats') continue
      await client.chats.update({ chatId: event.chats[0]!.id, sampling: { maxTokens: 30, temperature: 0 } })
      return
    }
  })
  await send(page, 'tana')
  await answered(page)
  await openMenu(page, 'Show the tokens')
  const tokens = dialog(page).locator('.token-choice')
  await expect(tokens).toHaveCount(30, { timeout: 30_000 })
  await expect(tokens.first()).toContainText('%')
  await tokens.first().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(tokens.nth(2)).toBeFocused()
  await page.keyboard.press('Enter')
  const other = page.getByRole('button', { name: /^Go on from/ }).and(page.locator(':enabled')).first()
  const name = await other.getAttribute('aria-label')
  await other.click()
  await expect(lastAnswer(page)).toContainText('2/2')
  await answered(page)
  expect(name).toBeTruthy()
  await lastAnswer(page).getByRole('button', { name: /prompt tokens/ }).click()
  await expect(dialog(page)).toContainText('Given beginning')
})
