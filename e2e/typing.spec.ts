import { expect, test } from './support/app-test.ts'

test('Enter sends, Shift+Enter breaks the line', async ({ page }) => {
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.click()
  await page.keyboard.type('1+1')
  await page.keyboard.press('Shift+Enter')
  await expect(message).toHaveValue('1+1\n')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('等于几？')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('article', { name: 'You' })).toContainText('1+1等于几？')
})

test('an Enter that ends an input-method composition does not send', async ({ page }) => {
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.click()
  const input = await page.context().newCDPSession(page)
  await input.send('Input.imeSetComposition', { text: 'yangtuo', selectionStart: 7, selectionEnd: 7 })
  // The browser reports the key as 229 while the input method has it.
  await input.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Process', code: 'Enter' })
  await input.send('Input.insertText', { text: '羊驼' })
  await expect(message).toHaveValue('羊驼')
  // Safari reports the same Enter after the composition has ended, without isComposing.
  await message.evaluate((element) => {
    element.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '羊驼' }))
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  })
  await page.waitForTimeout(300)
  await expect(page.getByRole('article')).toHaveCount(0)

  await page.keyboard.press('Enter')
  await expect(page.getByRole('article', { name: 'You' })).toContainText('羊驼')
})
