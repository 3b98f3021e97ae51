import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Download, Page } from '@playwright/test'
import { expect, goTo, test } from './support/app-test.ts'
import { withChats } from './support/many-chats.ts'

const row = (page: Page, title: string) => page.getByRole('treeitem', { name: title, exact: true })
const dialog = (page: Page) => page.getByRole('dialog')

async function chooseInMenu(page: Page, title: string, item: string): Promise<void> {
  await row(page, title).hover()
  await row(page, title).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function exportAs(page: Page, title: string, format: string): Promise<Download> {
  await chooseInMenu(page, title, 'Export…')
  await dialog(page).getByRole('radio', { name: format, exact: true }).click()
  const download = page.waitForEvent('download')
  await dialog(page).getByRole('button', { name: 'Export' }).click()
  return download
}

async function importFile(page: Page, path: string): Promise<void> {
  await goTo(page, 'Settings')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await dialog(page).locator('[data-import-files]').setInputFiles(path)
}

const attack =
  '公式 $x^2$，价格 $5。\n\n<img src=x onerror="document.title=1"> <script>document.title="hacked"</script>\n\n```js\nalert(1)\n```'

test('a chat is exported as one page that anyone can read and that does nothing', async ({ page, app, context }) => {
  await withChats(app, [{ title: '羊驼与公式', texts: ['问题 <b>粗</b>', attack] }])
  const download = await exportAs(page, '羊驼与公式', 'Web page (HTML)')
  expect(download.suggestedFilename()).toBe('羊驼与公式.html')
  const path = join(app.home, download.suggestedFilename())
  await download.saveAs(path)

  const reader = await context.newPage()
  const requests: string[] = []
  reader.on('request', (request) => requests.push(request.url()))
  await reader.goto(`file://${path}`)
  await expect(reader).toHaveTitle('羊驼与公式')
  await expect(reader.locator('article').first()).toContainText('问题 <b>粗</b>')
  await expect(reader.locator('math msup')).toHaveCount(1)
  await expect(reader.locator('.hljs-title')).toHaveText('alert')
  await expect(reader.locator('script, img')).toHaveCount(0)
  expect(requests).toHaveLength(1)
})

test('a chat leaves as JSON, is deleted, and comes back', async ({ page, app }) => {
  await withChats(app, [{ title: '去而复返', texts: ['你还在吗？', '在。'] }])
  const path = join(app.home, 'chat.json')
  await (await exportAs(page, '去而复返', 'JSON')).saveAs(path)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ format: 'yangtuo-chats', version: 1 })
  await chooseInMenu(page, '去而复返', 'Delete')
  await expect(row(page, '去而复返')).toBeHidden()

  await importFile(page, path)
  await expect(dialog(page)).toContainText('Yangtuo JSON · 1 chat · 2 messages')
  await dialog(page).getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog(page)).toContainText('1 chat was added.')
  await dialog(page).getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('在。')

  // A second time it is noticed, and taken in only as a copy.
  await importFile(page, path)
  await expect(dialog(page)).toContainText('1 chat is here already.')
  await expect(dialog(page).getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await dialog(page).getByRole('radio', { name: 'Import as copies' }).click()
  await dialog(page).getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog(page)).toContainText('1 chat was added.')
})

test('an export of ChatGPT comes in with its branches, and what is damaged is named', async ({ page, app }) => {
  const message = (role: string, text: string) => ({
    author: { role },
    create_time: 1_700_000_000,
    content: { content_type: 'text', parts: [text] },
  })
  const conversation = {
    title: 'Two answers',
    create_time: 1_700_000_000,
    conversation_id: 'c1',
    current_node: 'b',
    mapping: {
      root: { id: 'root', message: null, parent: null, children: ['q'] },
      q: { id: 'q', message: message('user', 'Pick one'), parent: 'root', children: ['a', 'b'] },
      a: { id: 'a', message: message('assistant', 'The first one'), parent: 'q', children: [] },
      b: { id: 'b', message: message('assistant', 'The second one'), parent: 'q', children: [] },
    },
  }
  const path = join(app.home, 'conversations.json')
  await writeFile(path, JSON.stringify([conversation, { title: 'Broken', nothing: true }]))
  await importFile(page, path)
  await expect(dialog(page)).toContainText('ChatGPT · 1 chat · 3 messages')
  await dialog(page).getByText('1 thing could not be read in full').click()
  await expect(dialog(page)).toContainText('Broken Damaged, left out.')
  await dialog(page).getByRole('button', { name: 'Import', exact: true }).click()
  await dialog(page).getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('The second one')
  await page
    .getByRole('button', { name: /Previous/ })
    .first()
    .click()
  await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('The first one')

  await page.getByRole('combobox', { name: 'Search chats' }).fill('second one')
  await expect(page.getByText('Two answers').first()).toBeVisible()
  await expect(page.locator('mark').first()).toContainText('second')
})

test('everything is backed up, lost, and restored', async ({ page, app }) => {
  await withChats(app, [
    { title: 'Kept one', texts: ['q1', 'a1'] },
    { title: 'Kept two', texts: ['q2', 'a2'] },
  ])
  await goTo(page, 'Settings')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Back up', exact: true }).click()
  const path = join(app.home, 'backup.zip')
  await (await download).saveAs(path)

  await goTo(page, 'Chats')
  for (const title of ['Kept one', 'Kept two']) await chooseInMenu(page, title, 'Delete')
  await expect(row(page, 'Kept two')).toBeHidden()

  await goTo(page, 'Settings')
  await page.locator('[data-backup-file]').setInputFiles(path)
  await expect(dialog(page)).toContainText('Yangtuo backup')
  await expect(dialog(page).getByRole('row', { name: /Kept one/ })).toContainText('Changed')
  await dialog(page).getByRole('button', { name: 'Restore' }).click()
  await expect(dialog(page)).toContainText('2 chats were completed.')
  await dialog(page).getByRole('button', { name: 'Done' }).click()
  await goTo(page, 'Chats')
  await expect(row(page, 'Kept one')).toBeVisible()
  await row(page, 'Kept two').click()
  await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('a2')
})
