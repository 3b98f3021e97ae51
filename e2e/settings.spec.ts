import { expect, goTo, test } from './support/app-test.ts'

test('language and theme change at once and stay', async ({ page, app }) => {
  await goTo(page, 'Settings')
  await page.getByRole('combobox', { name: 'Language' }).or(page.getByLabel('Language')).first().click()
  await page.getByText('中文', { exact: true }).first().click()
  await expect(page.getByRole('button', { name: '设置', exact: true })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/)
  await page.getByText('深色', { exact: true }).first().click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  await app.restart('stop')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByRole('textbox', { name: '消息' }).or(page.getByRole('button', { name: '设置', exact: true })).first()).toBeVisible()
})
