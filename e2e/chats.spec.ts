import { answered, expect, lastAnswer, send, test } from './support/app-test.ts'
import { demoAnswer, systemPromptDialogue } from './support/demo-dialogues.ts'

test('chats are made, renamed, deleted and brought back', async ({ page, app }) => {
  const chats = page.getByRole('navigation', { name: 'Chats' })
  await send(page, '你是谁？')
  await answered(page)
  await expect(chats).toContainText('你是谁？')

  await page.getByRole('button', { name: 'New chat' }).first().click()
  await send(page, '1+1等于几？')
  await answered(page)
  await expect(chats.getByText('1+1等于几？')).toBeVisible()

  await chats.getByText('1+1等于几？').dblclick()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('Sums')
  await page.keyboard.press('Enter')
  await expect(chats.getByText('Sums')).toBeVisible()

  await chats.getByText('Sums').hover()
  await chats.getByRole('button', { name: /More|Actions/ }).first().click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(chats.getByText('Sums')).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(chats.getByText('Sums')).toBeVisible()

  await app.restart('stop')
  await expect(chats.getByText('Sums')).toBeVisible()
})

test('a draft survives kill -9', async ({ page, app }) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('半句话，还没写完')
  await page.waitForTimeout(1500)
  await app.restart('kill')
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('半句话，还没写完')
})

test('a system prompt of the chat changes the answer', async ({ page }) => {
  const { systemPrompt, question, answer } = systemPromptDialogue()
  await page.getByRole('button', { name: /inspector/i }).click()
  await page.getByRole('textbox', { name: 'System prompt' }).fill(systemPrompt)
  await page.getByRole('textbox', { name: 'System prompt' }).blur()
  await send(page, question)
  await answered(page)
  await expect(lastAnswer(page)).toContainText(answer)
  expect(answer).not.toBe(demoAnswer(question))
})
