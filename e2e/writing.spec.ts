/** The composer, and what is done with messages that were sent. */
import type { Page } from '@playwright/test'
import { answered, expect, lastAnswer, send, test, type App } from './support/app-test.ts'
import { connectClient } from './support/client.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { importAndLoad } from './support/load-model.ts'
import { endlessModel } from './support/random-models.ts'

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const attachments = (page: Page) => page.getByRole('list', { name: 'Attachments' })
const fileInput = (page: Page) => page.getByRole('main').locator('input[type=file]')
const questions = (page: Page) => page.getByRole('article', { name: 'You' })

function attach(page: Page, name: string, text: string | Buffer): Promise<void> {
  return fileInput(page).setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
}

async function paste(page: Page, text: string): Promise<void> {
  await composer(page).evaluate((element, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

/** Answers of the open chat end after so many tokens. */
async function limitAnswers(app: App, maxTokens: number): Promise<void> {
  const { client, close } = await connectClient(app.host.address)
  for await (const event of await client.chats.watch()) {
    if (event.type !== 'chats') continue
    await client.chats.update({ chatId: event.chats[0]!.id, sampling: { maxTokens, temperature: 0 } })
    break
  }
  close()
}

test('a draft and its attachments stay with their chat, over kill -9', async ({ page, app }) => {
  await composer(page).fill('总结一下')
  await attach(page, '笔记　一.txt', '羊驼住在安第斯山。')
  await expect(attachments(page)).toContainText('笔记　一.txt')
  await expect(attachments(page)).toContainText(/\d+ tokens/)
  await page.waitForTimeout(1000)
  await page.getByRole('button', { name: 'New chat' }).first().click()
  await expect(composer(page)).toHaveValue('')
  await expect(attachments(page)).toBeHidden()
  await app.restart('kill')
  await page.getByRole('navigation', { name: 'Chats' }).getByText('总结一下').or(page.getByText('New chat').nth(1)).first().click()
  await expect(composer(page)).toHaveValue('总结一下')
  await expect(attachments(page)).toContainText('笔记　一.txt')
})

test('text files of several encodings are attached and read, and what is no text is refused by name', async ({ page }) => {
  await expect(page.getByRole('button', { name: /^Context: / })).toBeVisible()
  const gb18030 = Buffer.from('d1f2cdd5cac7d2bbd6d6b6afceefa3acd7a1d4dac9bdc9cfa1a30a', 'hex')
  await fileInput(page).setInputFiles([
    { name: 'old.txt', mimeType: 'text/plain', buffer: gb18030 },
    { name: 'wide.txt', mimeType: 'text/plain', buffer: Buffer.from('\uFEFF第二个文件', 'utf16le') },
    { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a0000000d49484452ff', 'hex') },
  ])
  await expect(page.getByText('photo.png is not a text file.').first()).toBeVisible()
  await expect(attachments(page).getByRole('listitem')).toHaveCount(2)
  await attachments(page).getByRole('button', { name: /^old\.txt/ }).click()
  await expect(page.getByRole('dialog')).toContainText('羊驼是一种动物，住在山上。')
  await page.keyboard.press('Escape')

  await attachments(page).getByRole('button', { name: 'Remove old.txt' }).click()
  await expect(attachments(page).getByRole('listitem')).toHaveCount(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(attachments(page).getByRole('listitem')).toHaveCount(2)

  await send(page, '你是谁？')
  await expect(questions(page).getByRole('list', { name: 'Attachments' })).toContainText('wide.txt')
  await expect(questions(page).last()).not.toContainText('第二个文件')
})

test('a text file dropped on the window is attached', async ({ page }) => {
  await expect(composer(page)).toBeVisible()
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['Alpacas hum.'], 'hum.md'))
    return transfer
  })
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: transfer })
  await expect(attachments(page)).toContainText('hum.md')
})

test('a long paste is attached, and can be put into the text instead', async ({ page }) => {
  await composer(page).fill('Summary: ')
  await paste(page, 'alpaca '.repeat(1000))
  await expect(attachments(page)).toContainText('Pasted text.txt')
  await expect(composer(page)).toHaveValue('Summary: ')
  await attachments(page).getByRole('button', { name: /^Put Pasted/ }).click()
  await expect(attachments(page)).toBeHidden()
  await expect(composer(page)).toHaveValue(`Summary: ${'alpaca '.repeat(1000)}`)
})

test('the up arrow brings earlier messages back, and Escape the draft', async ({ page }) => {
  for (const question of ['你是谁？', '1+1等于几？']) {
    await send(page, question)
    await answered(page)
  }
  await composer(page).fill('half a thought')
  await page.keyboard.press('ArrowUp')
  await expect(composer(page)).toHaveValue('1+1等于几？')
  await page.keyboard.press('ArrowUp')
  await expect(composer(page)).toHaveValue('你是谁？')
  await page.keyboard.press('ArrowDown')
  await expect(composer(page)).toHaveValue('1+1等于几？')
  await page.keyboard.press('Escape')
  await expect(composer(page)).toHaveValue('half a thought')
  // In a later line the arrow moves in the text.
  await composer(page).fill('one\ntwo')
  await page.keyboard.press('ArrowUp')
  await expect(composer(page)).toHaveValue('one\ntwo')
})

test('messages written during an answer wait in order, can be changed, and are sent one after the other', async ({
  page,
  app,
}) => {
  // An answer that never ends is written all the while.
  test.setTimeout(120_000)
  await importAndLoad(page, app, endlessModel())
  const queue = page.getByRole('region', { name: 'Messages that wait' })
  await send(page, 'tana')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)
  for (const text of ['first', 'second', 'third']) {
    await composer(page).fill(text)
    await page.keyboard.press('Enter')
    await expect(queue).toContainText(text)
    await expect(composer(page)).toHaveValue('')
  }
  await queue.getByRole('listitem').nth(1).getByRole('button', { name: 'Move up' }).click()
  await expect(queue.getByRole('listitem').first()).toContainText('second')
  await queue.getByRole('listitem').nth(2).getByRole('button', { name: 'Take back to edit' }).click()
  await expect(composer(page)).toHaveValue('third')
  await expect(queue.getByRole('listitem')).toHaveCount(2)
  await composer(page).fill('')

  // After a stop they wait to be sent by hand.
  await limitAnswers(app, 100)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(queue).toContainText('Still waiting')
  await queue.getByRole('listitem').nth(1).getByRole('button', { name: 'Remove' }).click()
  await expect(queue.getByRole('listitem')).toHaveCount(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(queue.getByRole('listitem')).toHaveCount(2)
  await queue.getByRole('listitem').nth(1).getByRole('button', { name: 'Send now' }).click()
  await expect(questions(page).nth(1)).toContainText('first')
  // The answer ends by itself, and then the one that waited is sent, once.
  await expect(questions(page).nth(2)).toContainText('second', { timeout: 30_000 })
  await expect(queue).toBeHidden()
  await answered(page)
  await expect(questions(page)).toHaveCount(3)
})

test('a slash offers commands and presets, filtered as one types', async ({ page }) => {
  const list = page.getByRole('listbox', { name: 'Commands and presets' })
  await composer(page).click()
  await page.keyboard.type('/')
  await expect(list.getByRole('option', { name: /Compare/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(composer(page)).toHaveValue('/')

  await composer(page).fill('')
  await page.keyboard.type('/prompt')
  await expect(list.getByRole('option')).toHaveCount(2)
  await page.keyboard.press('ArrowDown')
  await expect(list.getByRole('option', { selected: true })).toContainText('Show the exact prompt')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(composer(page)).toHaveValue('')

  // A Chinese name is found by any part of it, and the Enter that ends a composition picks nothing.
  const input = await page.context().newCDPSession(page)
  await page.keyboard.type('/')
  await input.send('Input.imeSetComposition', { text: 'shareai', selectionStart: 7, selectionEnd: 7 })
  await input.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Process', code: 'Enter' })
  await expect(list).toBeVisible()
  await input.send('Input.insertText', { text: 'V1' })
  await page.waitForTimeout(200)
  await page.keyboard.press('Enter')
  await expect(list).toBeHidden()
  await expect(composer(page)).toHaveValue('')

  // What is no command is sent as it stands.
  await send(page, '/etc/hosts')
})

test('a message of either role is edited, with and without a new answer, and the path shown is remembered', async ({
  page,
  app,
}) => {
  await send(page, '你是谁？')
  await answered(page)
  await lastAnswer(page).hover()
  await lastAnswer(page).getByRole('button', { name: 'Edit the answer' }).click()
  await lastAnswer(page).getByRole('textbox').fill('我是一只羊驼。\n\n真的。')
  await lastAnswer(page).getByRole('button', { name: 'Save as a new version' }).click()
  await expect(lastAnswer(page)).toContainText('真的。')
  await expect(lastAnswer(page)).toContainText('2/2')

  await questions(page).hover()
  await questions(page).getByRole('button', { name: 'Edit' }).click()
  await questions(page).getByRole('textbox').fill('1+1等于几？')
  await questions(page).getByRole('button', { name: 'Save without an answer' }).click()
  await expect(page.getByRole('article')).toHaveCount(1)
  await page.getByRole('button', { name: 'Get an answer' }).click()
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('1+1等于几？'))

  await questions(page).hover()
  await questions(page).getByRole('button', { name: 'Previous version' }).click()
  await expect(lastAnswer(page)).toContainText('真的。')
  await page.waitForTimeout(500)
  await app.restart('kill')
  await expect(lastAnswer(page)).toContainText('真的。')
})

test('an answer cut by a limit goes on where it stopped', async ({ page, app }) => {
  await send(page, '你是谁？')
  await answered(page)
  await limitAnswers(app, 4)
  await send(page, '用 Python 写一个加法函数。')
  await answered(page)
  await expect(lastAnswer(page)).toContainText('Token limit reached')
  const begun = await lastAnswer(page).innerText()
  await limitAnswers(app, 200)
  await lastAnswer(page).getByRole('button', { name: 'Continue' }).click()
  await expect(lastAnswer(page)).toContainText('Finished')
  await expect(lastAnswer(page)).toContainText('return a + b')
  expect(begun).not.toContain('return a + b')
  await expect(lastAnswer(page).getByRole('button', { name: 'Continue' })).toBeHidden()

  await lastAnswer(page).getByRole('button', { name: /prompt tokens/ }).click()
  await expect(page.getByRole('dialog')).toContainText('Given beginning')
  await page.getByRole('button', { name: 'All sampling values' }).click()
  await expect(page.getByRole('dialog')).toContainText('XTC probability')
})

test('a branch is deleted and brought back, and a chat goes on elsewhere from a message', async ({ page }) => {
  for (const question of ['你是谁？', '1+1等于几？']) {
    await send(page, question)
    await answered(page)
  }
  await questions(page).last().hover()
  await questions(page).last().getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete from here on' }).click()
  await expect(page.getByRole('article')).toHaveCount(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('article')).toHaveCount(4)

  const first = page.getByRole('article', { name: 'Assistant' }).first()
  await first.hover()
  await first.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'New chat from here' }).click()
  await expect(page.getByRole('article')).toHaveCount(2)
  await expect(page.getByRole('article').last()).toContainText(demoAnswer('你是谁？'))
})
