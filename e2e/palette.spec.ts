import { answered, expect, send, test } from './support/app-test.ts'

test('the palette finds actions, chats, models and settings by keyboard alone', async ({ page }) => {
  await send(page, '你是谁？')
  await answered(page)
  const palette = page.getByRole('combobox', { name: 'Commands' })
  const find = async (text: string) => {
    await page.keyboard.press('ControlOrMeta+k')
    await expect(palette).toBeFocused()
    await page.keyboard.type(text)
  }

  await find('new chat')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('article')).toHaveCount(0)
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible()

  // One Chinese character finds a chat.
  await find('谁')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('article', { name: 'You' })).toContainText('你是谁？')

  await find('context is full')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'When the context is full' })).toBeFocused()

  await find('dark theme')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  await find('Yangtuo Demo')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page.getByText('What would you like to know?')).toBeVisible()

  await find('zzz')
  await expect(page.getByText('Nothing found for “zzz”.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()

  await page.keyboard.press('ControlOrMeta+/')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Search all chats')
})
