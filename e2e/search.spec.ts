import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './support/app-test.ts'
import { connectClient } from './support/client.ts'
import { withChats } from './support/many-chats.ts'

const chats = [
  { title: '动物', texts: ['羊驼和美洲驼有什么不同？', '羊驼比美洲驼小，毛更细。'] as [string, string] },
  { title: '羊毛', texts: ['How is it spun?', 'With a spindle.'] as [string, string] },
  { title: 'Lifetimes', texts: ['Explain lifetimes', 'A LIFETIME is a span.'] as [string, string], daysAgo: 2 },
]

test('one Chinese character finds titles and messages; a hit opens at its message', async ({ page, app }) => {
  await withChats(app, chats)
  const field = page.getByRole('combobox', { name: 'Search chats' })
  await field.fill('羊')
  const hits = page.getByRole('option')
  await expect(hits).toHaveCount(3)
  await expect(hits.first()).toContainText('羊毛')
  await expect(page.getByRole('group', { name: '动物' }).getByRole('option')).toHaveCount(2)
  await expect(hits.last().locator('mark').first()).toHaveText('羊')

  await field.press('ArrowDown')
  await expect(hits.nth(1)).toHaveAttribute('aria-selected', 'true')
  const text = await hits.nth(1).locator('span').first().innerText()
  await field.press('Enter')
  await expect(page.getByRole('article').filter({ hasText: text }).first()).toBeInViewport()
  await expect(field).toHaveValue('羊')

  await field.press('Escape')
  await expect(field).toHaveValue('')
  await expect(page.getByRole('tree')).toBeVisible()
})

test('capital letters do not matter, and nothing found says what was searched', async ({ page, app }) => {
  await withChats(app, chats)
  const field = page.getByRole('combobox', { name: 'Search chats' })
  await field.fill('lifetime')
  await expect(page.getByRole('option')).toHaveCount(3)
  await expect(page.getByRole('option').getByText('LIFETIME', { exact: true })).toBeVisible()
  await field.fill('no such text')
  await expect(page.getByText('Nothing found for “no such text”.')).toBeVisible()
  await expect(page.getByText('Titles and all messages were searched')).toBeVisible()
})

test('nothing is searched while an input method composes', async ({ page, app }) => {
  await withChats(app, chats)
  const field = page.getByRole('combobox', { name: 'Search chats' })
  await field.focus()
  const input = await page.context().newCDPSession(page)
  await input.send('Input.imeSetComposition', { text: 'yang', selectionStart: 4, selectionEnd: 4 })
  await page.waitForTimeout(500)
  await expect(page.getByText('Nothing found')).toBeHidden()
  await input.send('Input.insertText', { text: '羊' })
  await expect(page.getByRole('option')).toHaveCount(3)
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the sidebar and its dialogs in the ${theme} theme`, async ({ page, app }) => {
    const ids = await withChats(app, chats)
    const { client, close } = await connectClient(app.host.address)
    const folder = await client.folders.create({ name: 'Work' })
    await client.settings.update({ theme, openFolderIds: [folder.id] })
    await client.chats.move({ chatIds: [ids[1]!], folderId: folder.id })
    await client.chats.update({ chatId: ids[2]!, isUnread: true, isPinned: true })
    const gone = await client.chats.create({ folderId: folder.id })
    await client.chats.trash({ chatIds: [gone.id] })
    close()
    const field = page.getByRole('combobox', { name: 'Search chats' })
    const work = page.getByRole('treeitem', { name: 'Work' })
    const open: Record<string, () => Promise<unknown>> = {
      sidebar: () => page.getByRole('treeitem', { name: '羊毛' }).click({ modifiers: ['ControlOrMeta'] }),
      found: () => field.fill('羊'),
      'nothing found': () => field.fill('none of it'),
      'folder menu': async () => {
        await field.fill('')
        await work.click({ button: 'right' })
      },
      'folder settings': () => page.getByRole('menuitem', { name: 'Settings…' }).click(),
      move: async () => {
        await page.getByRole('button', { name: 'Close' }).last().click()
        await page.getByRole('toolbar').getByRole('button', { name: 'Move to…' }).click()
      },
      trash: async () => {
        await page.getByRole('button', { name: 'Close' }).click()
        await page.getByRole('button', { name: 'Trash' }).click()
        await expect(page.getByRole('listitem')).toHaveCount(1)
      },
      question: () => page.getByRole('button', { name: 'Empty the trash…' }).click(),
    }
    for (const [screen, show] of Object.entries(open)) {
      await show()
      await page.waitForTimeout(300)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => `${screen}: ${id} ${nodes[0]?.html}`)).toEqual([])
    }
  })
}
