/** One message to several models or settings. */
import type { Page } from '@playwright/test'
import { answered, expect, lastAnswer, send, test } from './support/app-test.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { importAndLoad } from './support/load-model.ts'
import { endlessModel } from './support/random-models.ts'

const dialog = (page: Page) => page.getByRole('dialog')
const answer = (page: Page, number: number) => page.getByRole('region', { name: new RegExp(`^Answer ${number}`) })
const question = '你是谁？'

test('one message to two settings: columns, and the chat goes on with one of them', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Message' }).fill(question)
  await page.getByRole('button', { name: 'Compare models or settings' }).click()
  await expect(dialog(page).getByRole('textbox', { name: 'Message' })).toHaveValue(question)
  await answer(page, 2).getByRole('spinbutton', { name: 'Temperature' }).fill('0')
  await answer(page, 2).getByRole('spinbutton', { name: 'Longest answer, tokens' }).fill('3')
  await answer(page, 2).getByRole('spinbutton', { name: 'Longest answer, tokens' }).press('Enter')
  await dialog(page).getByRole('button', { name: 'Send to 2' }).click()
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('')
  await answered(page)
  await expect(answer(page, 1)).toContainText(demoAnswer(question))
  await expect(answer(page, 2)).toContainText('Token limit reached')
  await expect(answer(page, 2)).toContainText('Yangtuo Demo')

  const other = page.getByRole('button', { name: 'Go on with this one' })
  await expect(other).toHaveCount(1)
  await other.click()
  await expect(other).toHaveCount(1)
  await send(page, '1+1等于几？')
  await answered(page)
  // The compared answers fold to the one that was chosen, and open again.
  await expect(answer(page, 2)).toBeHidden()
  const compared = page.getByRole('article', { name: 'Assistant' }).first()
  await compared.hover()
  await compared.getByRole('button', { name: 'Show side by side' }).click()
  await expect(answer(page, 1)).toContainText(demoAnswer(question))
  await expect(answer(page, 2)).toBeVisible()
})

test('one message to two models: each streams under its name and stops by itself', async ({ page, app }) => {
  await importAndLoad(page, app, endlessModel())
  await page.getByRole('button', { name: 'Compare models or settings' }).click()
  await dialog(page).getByRole('textbox', { name: 'Message' }).fill(question)
  await answer(page, 1).getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Endless F32' })
  await answer(page, 2).getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Yangtuo Demo Q8_0' })
  await dialog(page).getByRole('button', { name: 'Send to 2' }).click()
  await expect(answer(page, 1)).toContainText('Endless')
  await expect(answer(page, 2)).toContainText('Yangtuo Demo')
  await expect(answer(page, 1)).toContainText(/\w{20}/, { timeout: 30_000 })
  await answer(page, 1).getByRole('button', { name: 'Stop this answer' }).click()
  await expect(answer(page, 1)).toContainText('Stopped')
  await expect(answer(page, 2)).toContainText(demoAnswer(question), { timeout: 30_000 })
  await answered(page)
})

test('an answer is made again with other settings', async ({ page }) => {
  await send(page, question)
  await answered(page)
  await lastAnswer(page).hover()
  await lastAnswer(page).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Regenerate with…' }).click()
  await answer(page, 1).getByRole('checkbox', { name: 'Another system prompt' }).check()
  await answer(page, 1).getByRole('textbox', { name: 'System prompt' }).fill('Answer in one word.')
  await dialog(page).getByRole('button', { name: 'Answer again' }).click()
  await expect(lastAnswer(page)).toContainText('2/2')
  await answered(page)
  await lastAnswer(page).getByRole('button', { name: /prompt tokens/ }).click()
  await expect(dialog(page)).toContainText('Answer in one word.')
})
