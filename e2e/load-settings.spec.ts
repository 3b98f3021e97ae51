/** How a model is loaded, and how several are held. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { writeRandomAdapter } from '../build/gguf/random-adapter.ts'
import { answered, expect, goTo, lastAnswer, send, test } from './support/app-test.ts'
import { connectClient } from './support/client.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { importAndLoad } from './support/load-model.ts'
import { endlessModel } from './support/random-models.ts'

const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' })

/** Types into a number field of the inspector, as one leaves it. */
async function setNumber(page: Page, name: string, value: string): Promise<void> {
  const field = inspector(page).getByRole('spinbutton', { name, exact: true })
  await field.fill(value)
  await field.press('Enter')
}

test('changed load settings count after a reload, and show in what it runs with', async ({ page }) => {
  await page.getByRole('button', { name: 'Inspector' }).click()
  await setNumber(page, 'Context length', '1024')
  await expect(inspector(page).getByText('still runs with the settings')).toBeVisible()
  await inspector(page).getByRole('button', { name: 'All load settings' }).click()
  await inspector(page).getByRole('combobox', { name: 'Type of the keys' }).selectOption('Q8_0')
  await inspector(page).getByRole('button', { name: 'Reload to apply' }).click()
  await expect(inspector(page).getByText('1,024 (trained 2,048)')).toBeVisible({ timeout: 20_000 })
  await expect(inspector(page).getByText('Q8_0 / F16')).toBeVisible()
  await expect(inspector(page).getByText('still runs with the settings')).toBeHidden()
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
})

test('a context is stretched by a formula, and the load log confirms it', async ({ page }) => {
  await page.getByRole('button', { name: 'Inspector' }).click()
  await setNumber(page, 'Context length', '4096')
  await expect(inspector(page).getByText('choose a method to stretch it')).toBeVisible()
  await inspector(page).getByRole('combobox', { name: 'Stretching (RoPE)' }).selectOption('ntk')
  await expect(inspector(page).getByPlaceholder(/automatic \(\d\d,\d/)).toBeVisible()
  await inspector(page).getByRole('button', { name: 'Reload to apply' }).click()
  await expect(inspector(page).getByText(/rope\.freq_base = \d{5}/)).toBeVisible({ timeout: 20_000 })
  await expect(inspector(page).getByText('4,096 (trained 2,048)')).toBeVisible()
})

test('a setting that cannot be is refused with its name, and can be taken back', async ({ page }) => {
  await page.getByRole('button', { name: 'Inspector' }).click()
  await inspector(page).getByRole('button', { name: 'All load settings' }).click()
  await inspector(page).getByRole('combobox', { name: 'Type of the values' }).selectOption('Q8_0')
  await inspector(page).getByRole('radio', { name: 'Off' }).click()
  await inspector(page).getByRole('button', { name: 'Reload to apply' }).click()
  const dialog = page.getByRole('dialog', { name: 'This model could not be loaded' })
  await expect(dialog.getByText(/flash/i)).toBeVisible({ timeout: 20_000 })
  await page.keyboard.press('Escape')
  await inspector(page).getByRole('button', { name: 'Reset all' }).click()
  await inspector(page).getByRole('button', { name: 'Load', exact: true }).click()
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
})

test('two models stay loaded, and one is ejected', async ({ page, app }) => {
  await importAndLoad(page, app, endlessModel())
  const picker = page.getByRole('banner').getByRole('button', { name: /Endless/ })
  await picker.click()
  const list = page.getByRole('dialog', { name: 'Models' })
  await expect(list.getByText('Loaded')).toHaveCount(2)
  await list.getByRole('button', { name: 'Unload Yangtuo Demo' }).click()
  await expect(list.getByText('Loaded')).toHaveCount(1)
  await list.getByRole('button', { name: /^Yangtuo Demo/ }).click()
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
})

test('an adapter is imported and laid over the model; one that cannot be says why', async ({ page, app }) => {
  await importAndLoad(page, app, endlessModel())
  const adapter = join(app.home, '风格　adapter.gguf')
  writeRandomAdapter(adapter, { dim: 64, layers: 2 })
  const hugging = join(app.home, 'hugging/adapter_config.json')
  await mkdir(dirname(hugging))
  await writeFile(hugging, JSON.stringify({ peft_type: 'LORA', r: 8, target_modules: ['q_proj'], modules_to_save: ['lm_head'] }))
  const { client, close } = await connectClient(app.host.address)
  await client.models.importFile({ path: adapter })
  const refusal = await client.models.importFile({ path: dirname(hugging) }).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'ADAPTER_UNUSABLE' })
  close()

  await page.getByRole('button', { name: 'Inspector' }).click()
  await inspector(page).getByRole('button', { name: 'All load settings' }).click()
  const add = inspector(page).getByRole('combobox', { name: 'Add an adapter…' })
  await add.selectOption({ index: 1 })
  await inspector(page).getByRole('button', { name: 'Reload to apply' }).click()
  await expect(inspector(page).getByText('风格　adapter.gguf × 1')).toBeVisible({ timeout: 20_000 })
})

test('drafts by lookup are counted under the answer, which stays the same', async ({ page }) => {
  await page.getByRole('button', { name: 'Inspector' }).click()
  await inspector(page).getByRole('button', { name: 'All load settings' }).click()
  await inspector(page).getByRole('combobox', { name: 'Speculative decoding' }).selectOption('lookup')
  await inspector(page).getByRole('button', { name: 'Reload to apply' }).click()
  await expect(inspector(page).getByText('still runs with the settings')).toBeHidden({ timeout: 20_000 })
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
  await expect(lastAnswer(page)).toContainText(/drafts: \d+ taken, \d+ rejected/)
})

test('a base model continues a text, and each version of it stays', async ({ page }) => {
  await goTo(page, 'Models')
  await page.getByRole('row').filter({ hasText: 'Yangtuo Demo' }).dblclick()
  await page.getByRole('radio', { name: 'Base' }).click()
  await page.getByRole('button', { name: 'Open in completion view' }).click()
  const text = page.getByRole('textbox', { name: 'Completion' })
  await text.fill('床前明月光，')
  await text.press('Control+Enter')
  await expect(page.getByText('Finished')).toBeVisible({ timeout: 20_000 })
  const first = await text.inputValue()
  expect(first).toMatch(/^床前明月光，./)

  await text.fill('春眠不觉晓，')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(text).toHaveValue(/^春眠不觉晓，./, { timeout: 20_000 })
  await expect(page.getByRole('button', { name: 'Continue' })).toBeEnabled({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Previous version' }).click()
  await expect(text).toHaveValue(first)
})

test('the doctor asks three questions, and says how the answers ended', async ({ page }) => {
  await goTo(page, 'Models')
  await page.getByRole('row').filter({ hasText: 'Yangtuo Demo' }).dblclick()
  await page.getByRole('button', { name: 'Ask it three questions' }).click()
  await expect(page.getByText(/Ended by itself after/)).toHaveCount(3, { timeout: 30_000 })
})
