import { readFile } from 'node:fs/promises'
import { answered, expect, lastAnswer, send, test } from './support/app-test.ts'
import { systemPromptDialogue } from './support/demo-dialogues.ts'

test('a preset answers in its own way, says where its values come from, and goes through a file', async ({ page, app }) => {
  const { systemPrompt, question, answer } = systemPromptDialogue()
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await page.getByRole('button', { name: 'Inspector' }).click()

  // What a project publishes is there to be used, and says where it is from.
  await inspector.getByRole('combobox', { name: 'Preset' }).selectOption({ label: 'Chinese-LLaMA-Alpaca-2, long replies' })
  await expect(inspector.getByRole('textbox', { name: 'System prompt' })).toHaveValue(/有价值的详细回复。$/)
  await expect(inspector.getByText('From the preset “Chinese-LLaMA-Alpaca-2, long replies”').first()).toBeVisible()

  // One's own, made from the chat.
  await inspector.getByRole('textbox', { name: 'System prompt' }).fill(systemPrompt)
  await inspector.getByRole('spinbutton', { name: 'Temperature' }).fill('0')
  await inspector.getByRole('spinbutton', { name: 'Temperature' }).press('Enter')
  await inspector.getByRole('button', { name: 'More actions' }).first().click()
  await page.getByRole('menuitem', { name: 'Save as preset…' }).click()
  const library = page.getByRole('dialog', { name: 'Presets' })
  await library.getByRole('textbox', { name: 'Name' }).fill('讲方言的羊驼')
  await library.getByRole('textbox', { name: 'Name' }).press('Enter')
  await expect(library.getByRole('button', { name: '讲方言的羊驼' })).toBeVisible()
  const download = page.waitForEvent('download')
  await library.getByRole('button', { name: 'Export…' }).click()
  const file = await (await download).path()
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    format: 'yangtuo-presets',
    presets: [{ name: '讲方言的羊驼', systemPrompt, sampling: { temperature: 0 } }],
  })

  await library.getByRole('button', { name: 'Delete' }).click()
  await expect(library.getByRole('button', { name: '讲方言的羊驼' })).toBeHidden()
  await library.locator('input[type=file]').setInputFiles(file)
  await expect(library.getByRole('button', { name: '讲方言的羊驼' })).toBeVisible()
  await page.keyboard.press('Escape')

  // It comes with the app after a restart, and a new chat answers by it.
  await app.restart('stop')
  await page.getByRole('button', { name: 'New chat' }).first().click()
  await inspector.getByRole('combobox', { name: 'Preset' }).selectOption({ label: '讲方言的羊驼' })
  await expect(inspector.getByRole('textbox', { name: 'System prompt' })).toHaveValue(systemPrompt)
  await send(page, question)
  await answered(page)
  await expect(lastAnswer(page)).toContainText(answer)
})

test('an earlier system prompt can be brought back', async ({ page }) => {
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await page.getByRole('button', { name: 'Inspector' }).click()
  const field = inspector.getByRole('textbox', { name: 'System prompt' })
  await field.fill('第一版')
  await field.blur()
  await page.waitForTimeout(700)
  await field.fill('第二版，今天是')
  await field.blur()
  await inspector.getByRole('button', { name: 'Edit with more room' }).click()
  const dialog = page.getByRole('dialog', { name: 'System prompt' })
  const room = dialog.getByRole('textbox', { name: 'System prompt' })
  await room.press('End')
  await dialog.getByRole('button', { name: 'Date' }).click()
  await expect(room).toHaveValue('第二版，今天是{{date}}')
  await expect(dialog.getByText(/\d+ tokens/)).toBeVisible()
  await dialog.getByRole('listitem').filter({ hasText: '第一版' }).getByRole('button', { name: 'Restore' }).click()
  await expect(room).toHaveValue('第一版')
  // What was replaced is the newest of the earlier ones.
  await expect(dialog.getByRole('listitem').first()).toContainText('第二版，今天是{{date}}')
  await page.keyboard.press('Escape')
  await expect(field).toHaveValue('第一版')
})
