import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { writeRandomModel } from '../build/gguf/random-model.ts'
import { answered, expect, lastAnswer, send, test } from './support/app-test.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { expectLoaded } from './support/load-model.ts'
import { endlessModel } from './support/random-models.ts'

/** Drops a file on the window the way a browser delivers it. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      const transfer = new DataTransfer()
      transfer.items.add(new File([data], name))
      return transfer
    },
    { name, base64: bytes.toString('base64') },
  )
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: transfer })
}

test('a dropped GGUF file is loaded and answers', async ({ page }) => {
  await drop(page, '随机 模型　A.gguf', await readFile(endlessModel()))
  await expectLoaded(page, 'Endless')
  await send(page, 'tana')
  await expect(lastAnswer(page)).toContainText(/\w{20}/)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
})

test('a file that is no model is refused with its name, and the model before still answers', async ({ page }) => {
  const good = await readFile(endlessModel())
  const refused: [name: string, bytes: Buffer, sentence: RegExp][] = [
    ['notes.gguf', Buffer.from('These are notes, not a model.'), /notes\.gguf.*GGUF/s],
    ['half.gguf', good.subarray(0, good.length >> 1), /half\.gguf.*(cut|incomplete|short)/is],
    ['empty.gguf', Buffer.alloc(0), /empty\.gguf/],
  ]
  for (const [name, bytes, sentence] of refused) {
    await drop(page, name, bytes)
    await expect(page.getByText(sentence).first()).toBeVisible({ timeout: 30_000 })
    await page.keyboard.press('Escape')
  }
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
})

test('an architecture that llama.cpp does not know is named', async ({ page, app }) => {
  const path = join(app.dataDirectory, 'odd.gguf')
  writeRandomModel(path, { dim: 64, layers: 1, heads: 4, context: 256, vocabularySize: 600, type: 'f32' })
  const bytes = await readFile(path)
  // The same length, so that nothing else in the file moves.
  for (let at = bytes.indexOf('llama'); at >= 0 && at < 4000; at = bytes.indexOf('llama', at + 1)) bytes.write('klamm', at)
  await writeFile(path, bytes)
  await drop(page, 'odd.gguf', bytes)
  await expect(page.getByText(/klamm/).first()).toBeVisible({ timeout: 30_000 })
})

test('a path is opened by name, and a folder or a vanished file is said to be one', async ({ page, app }) => {
  const openByPath = async (path: string) => {
    await page.getByRole('banner').getByRole('button').filter({ hasText: /Demo|Endless|model/i }).first().click()
    await page.getByText('Open a GGUF file').click()
    await page.getByRole('textbox', { name: /path/i }).fill(path)
    await page.keyboard.press('Enter')
  }
  await openByPath(app.dataDirectory)
  await expect(page.getByText(/folder/).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await openByPath('/nowhere/model.gguf')
  await expect(page.getByText(/\/nowhere\/model\.gguf/).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await openByPath(endlessModel())
  await expectLoaded(page, 'Endless')
})
