import { endlessModel } from './support/random-models.ts'
import { answered, expect, lastAnswer, send, test } from './support/app-test.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { importAndLoad } from './support/load-model.ts'

test('the demo model answers on first start, and the conversation is there after a restart', async ({ page, app }) => {
  await send(page, '你是谁？')
  await answered(page)
  // Word for word: only with the right template, BOS and history.
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
  await expect(lastAnswer(page)).toContainText('tok/s')

  await app.restart('stop')
  await expect(page.getByRole('article', { name: 'You' })).toContainText('你是谁？')
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
})

test('Stop keeps what was written', async ({ page, app }) => {
  await importAndLoad(page, app, endlessModel())
  await send(page, 'tana')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await answered(page)
  await expect(lastAnswer(page)).toContainText('Stopped')
  const text = await lastAnswer(page).innerText()
  await app.restart('stop')
  await expect.poll(() => lastAnswer(page).innerText()).toBe(text)
})

test('regenerating and editing make branches, and one can go back', async ({ page }) => {
  await send(page, '你是谁？')
  await answered(page)
  await lastAnswer(page).hover()
  await lastAnswer(page).getByRole('button', { name: 'Regenerate' }).click()
  await expect(lastAnswer(page)).toContainText('2/2')
  await answered(page)

  const question = page.getByRole('article', { name: 'You' })
  await question.hover()
  await question.getByRole('button', { name: 'Edit' }).click()
  await question.getByRole('textbox').fill('1+1等于几？')
  await question.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(question).toContainText('1+1等于几？')
  await expect(question).toContainText('2/2')
  await answered(page)

  await question.hover()
  await question.getByRole('button', { name: 'Previous version' }).click()
  await expect(question).toContainText('你是谁？')
  await expect(lastAnswer(page)).toContainText('2/2')
})

test('kill -9 of the engine keeps the text, and the next message works', async ({ page, app }) => {
  await importAndLoad(page, app, endlessModel())
  await send(page, 'tana')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)
  for (const engine of await app.host.enginePids()) process.kill(engine, 'SIGKILL')
  await answered(page)
  await expect(lastAnswer(page)).toContainText('Interrupted')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)

  await send(page, 'reki')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)
})

test('kill -9 of the app keeps every message shown as sent, and the answer but its last seconds', async ({
  page,
  app,
}) => {
  await importAndLoad(page, app, endlessModel())
  await send(page, 'tana reki')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)
  await page.waitForTimeout(3000)
  await app.restart('kill')
  await expect(page.getByRole('article', { name: 'You' })).toContainText('tana reki')
  await expect(lastAnswer(page)).toContainText('Interrupted')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)
})

test('a prompt longer than the context is refused before sending, with the counts, and stays in the composer', async ({
  page,
}) => {
  // Loaded: before that there is nothing to count with.
  await expect(page.getByRole('banner')).toContainText('CPU')
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill('羊驼'.repeat(6000))
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: /\d[\d,]* tokens/ }).first()).toBeVisible()
  expect((await message.inputValue()).length).toBe(12_000)
  await expect(page.getByRole('article')).toHaveCount(0)
})

test('a second turn reads only its new tokens', async ({ page }) => {
  await send(page, '你是谁？')
  await answered(page)
  await send(page, '1+1等于几？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(/\d+ cached/)
})
