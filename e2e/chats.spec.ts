import type { Page } from '@playwright/test'
import { answered, expect, lastAnswer, send, test } from './support/app-test.ts'
import { demoAnswer, systemPromptDialogue } from './support/demo-dialogues.ts'
import { withChats } from './support/many-chats.ts'

const row = (page: Page, title: string) => page.getByRole('treeitem', { name: title, exact: true })
const rows = (page: Page) => page.getByRole('treeitem')

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

test('chats are selected by mouse and keys, deleted together, and brought back', async ({ page, app }) => {
  await withChats(app, ['A', 'B', 'C', 'D'].map((title) => ({ title })))
  await row(page, 'A').click()
  await row(page, 'B').click({ modifiers: ['ControlOrMeta'] })
  await row(page, 'D').click({ modifiers: ['Shift'] })
  await expect(page.getByRole('toolbar', { name: 'Selected chats' })).toContainText('3 selected')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('toolbar', { name: 'Selected chats' })).toBeHidden()

  await page.getByRole('tree').press('Home')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByRole('toolbar')).toContainText('2 selected')
  await page.keyboard.press('Backspace')
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('Delete')
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows(page)).toHaveCount(4)

  await page.getByRole('tree').press('ControlOrMeta+A')
  await expect(page.getByRole('toolbar')).toContainText('4 selected')
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click()
  await expect(rows(page)).toHaveCount(0)
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible()
})

test('chats are pinned, copied, marked and renamed by keys', async ({ page, app }) => {
  await withChats(app, [{ title: 'Upper' }, { title: 'Lower', texts: ['Question', 'Answer'] }])
  await row(page, 'Lower').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Pin to the top' }).click()
  await expect(rows(page).first()).toHaveAccessibleName('Lower')

  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Mark as unread' }).press('Enter')
  await expect(row(page, 'Lower Unread')).toBeVisible()
  await row(page, 'Upper').click()
  await row(page, 'Lower Unread').click()
  await expect(row(page, 'Lower')).toBeVisible()

  await page.getByRole('tree').press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Duplicate' }).press('Enter')
  await expect(rows(page)).toHaveCount(3)
  await expect(lastAnswer(page)).toContainText('Answer')

  await page.getByRole('tree').press('u')
  await page.keyboard.press('F2')
  await page.keyboard.type('Found by its letter')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Found by its letter')).toBeVisible()
  await expect(page.getByRole('tree')).toBeFocused()
})

test('the trash gives chats back, and deletes for good after one question', async ({ page, app }) => {
  await withChats(app, [{ title: 'First', texts: ['a', 'b'] }, { title: 'Second' }, { title: 'Third' }, { title: 'Stays' }])
  await row(page, 'First').click()
  for (let i = 0; i < 3; i++) await page.getByRole('tree').press('Delete')
  await expect(rows(page)).toHaveCount(1)

  await page.getByRole('button', { name: 'Trash' }).click()
  const trash = page.getByRole('dialog', { name: 'Trash' })
  await expect(trash.getByRole('listitem')).toHaveCount(3)
  await expect(trash.getByRole('listitem').filter({ hasText: 'First' })).toContainText('2 messages')
  await trash.getByRole('listitem').filter({ hasText: 'First' }).getByRole('button', { name: 'Restore' }).click()
  await trash.getByRole('checkbox', { name: 'Second' }).check()
  await trash.getByRole('button', { name: 'Restore 1' }).click()
  await expect(trash.getByRole('listitem')).toHaveCount(1)
  await trash.getByRole('button', { name: 'Empty the trash…' }).click()
  await page.getByRole('dialog', { name: 'Delete “Third” for good?' }).getByRole('button', { name: 'Delete for good' }).click()
  await expect(trash).toContainText('The trash is empty.')
  await trash.getByRole('button', { name: 'Close' }).click()

  await app.restart('kill')
  await expect(rows(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'Trash' }).click()
  await expect(page.getByRole('dialog')).toContainText('The trash is empty.')
})

test('ten thousand chats are listed without all of them in the page, and moved at once', async ({ page, app }) => {
  await withChats(app, Array.from({ length: 10_000 }, (_, i) => ({ title: `对话 ${i}`, daysAgo: i / 20 })))
  await expect(row(page, '对话 0')).toBeVisible()
  expect(await rows(page).count()).toBeLessThan(100)
  await page.getByRole('tree').press('End')
  await expect(row(page, '对话 9999')).toBeInViewport()
  await page.getByRole('tree').press('ControlOrMeta+A')
  await expect(page.getByRole('toolbar')).toContainText('10000 selected')
  await page.keyboard.press('Delete')
  await expect(rows(page)).toHaveCount(0, { timeout: 30_000 })
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, '对话 0')).toBeVisible({ timeout: 30_000 })
})
