import type { Locator, Page } from '@playwright/test'
import { answered, expect, lastAnswer, send, test } from './support/app-test.ts'
import { connectClient } from './support/client.ts'
import { systemPromptDialogue } from './support/demo-dialogues.ts'
import { withChats } from './support/many-chats.ts'

const row = (page: Page, name: string) => page.getByRole('treeitem', { name, exact: true })
const rows = (page: Page) => page.getByRole('treeitem')

async function makeFolder(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New folder' }).click()
  await page.getByRole('textbox', { name: 'Name of the folder' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(row(page, name)).toBeVisible()
}

async function chooseInMenu(page: Page, name: string, item: string): Promise<void> {
  await row(page, name).click({ button: 'right' })
  await page.getByRole('menuitem', { name: item }).click()
}

/** Drops at a height of the target (0 is its top, 1 its bottom) after holding over it for a while. */
async function drag(page: Page, from: Locator, to: Locator, fraction = 0.5, holdMs = 0): Promise<void> {
  await from.hover()
  await page.mouse.down()
  const box = (await to.boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height * fraction]
  // A drag begins with a first move, and shows its place with the next ones.
  for (const offset of [-3, -1, 0]) {
    await page.mouse.move(x + offset, y)
    await page.waitForTimeout(50)
  }
  await page.waitForTimeout(holdMs)
  await page.mouse.up()
}

test('chats and folders are dragged into folders, out of them and into order', async ({ page, app }) => {
  await withChats(app, [{ title: 'One' }, { title: 'Two' }, { title: 'Three' }])
  await makeFolder(page, 'Work')
  await makeFolder(page, 'Play')

  await row(page, 'One').click({ modifiers: ['ControlOrMeta'] })
  await row(page, 'Two').click({ modifiers: ['ControlOrMeta'] })
  // Over a closed folder for a while: it opens.
  await drag(page, row(page, 'Two'), row(page, 'Work'), 0.5, 1000)
  await expect(row(page, 'One')).toHaveAttribute('aria-level', '2')

  // Onto the free space below: out of all folders.
  await drag(page, row(page, 'One'), page.getByRole('tree'), 0.9)
  await expect(row(page, 'One')).toHaveAttribute('aria-level', '1')

  await drag(page, row(page, 'Play'), row(page, 'Work'), 0.1)
  await expect(rows(page).first()).toHaveAccessibleName('Play')
  await drag(page, row(page, 'Work'), row(page, 'Play'))
  await expect(row(page, 'Work')).toBeHidden()
  await row(page, 'Play').click()
  await expect(row(page, 'Work')).toHaveAttribute('aria-level', '2')
  // Into itself: nothing happens.
  await drag(page, row(page, 'Play'), row(page, 'Work'))
  await expect(row(page, 'Play')).toHaveAttribute('aria-level', '1')

  await app.restart('kill')
  await expect(row(page, 'Two')).toHaveAttribute('aria-level', '3')
})

test('by keys, folders open, close and are left, and chats are moved', async ({ page, app }) => {
  await withChats(app, [{ title: 'One' }, { title: 'Two' }])
  await makeFolder(page, 'Work')
  await chooseInMenu(page, 'Work', 'New folder in it')
  await page.getByRole('textbox', { name: 'Name of the folder' }).fill('Reports')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Reports')).toHaveAttribute('aria-level', '2')

  const tree = page.getByRole('tree')
  await tree.press('End')
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Move to…' }).press('Enter')
  await page.keyboard.type('rep')
  await expect(page.getByRole('option').first()).toContainText('Work / Reports')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Two')).toBeHidden()
  await expect(tree).toBeFocused()

  await page.keyboard.press('r')
  await page.keyboard.press('ArrowRight')
  await expect(row(page, 'Two')).toHaveAttribute('aria-level', '3')
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft')
  await expect(row(page, 'Reports')).toBeHidden()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Move to…' }).press('Enter')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Reports')).toHaveAttribute('aria-level', '1')
})

test('what a folder sets counts for a new chat in it', async ({ page }) => {
  const { systemPrompt, question, answer } = systemPromptDialogue()
  await makeFolder(page, 'Persona')
  await chooseInMenu(page, 'Persona', 'Settings…')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name of the folder' }).fill('角色')
  await dialog.getByRole('radio', { name: 'Its own' }).click()
  await dialog.getByRole('textbox', { name: 'System prompt' }).fill(systemPrompt)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await chooseInMenu(page, '角色', 'New chat in it')
  await send(page, question)
  await answered(page)
  await expect(lastAnswer(page)).toContainText(answer)
  await row(page, '角色').click()
  await expect(row(page, question)).toHaveAttribute('aria-level', '2')
})

test('a folder is deleted with all in it, and brought back', async ({ page, app }) => {
  const [first] = await withChats(app, [{ title: 'Inside', texts: ['Question', 'Answer'] }, { title: 'Outside' }])
  const { client, close } = await connectClient(app.host.address)
  const work = await client.folders.create({ name: 'Work' })
  const inner = await client.folders.create({ name: 'Inner', parentId: work.id })
  await client.chats.move({ chatIds: [first!], folderId: inner.id })
  close()
  await row(page, 'Work').click()
  await row(page, 'Inner').click()
  await row(page, 'Inside').click()
  await row(page, 'Inner').click()
  await page.getByRole('tree').press('ArrowLeft')
  await page.getByRole('tree').press('Delete')
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByText('“Work” was deleted with 1 chat.', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 'Inner')).toBeVisible()
  await expect(lastAnswer(page)).toContainText('Answer')
})
