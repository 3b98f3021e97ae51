/** Models that lie on the computer already: in a folder of the person's, of LM Studio, of Ollama. */
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { answered, expect, goTo, lastAnswer, send, test } from './support/app-test.ts'
import { demoAnswer } from './support/demo-dialogues.ts'
import { endlessModel } from './support/random-models.ts'

const demoModel = resolve(import.meta.dirname, '../resources/demo-model/yangtuo-demo.gguf')

/** Opens the model's menu in the table and chats with it; its answer proves that it is the real file. */
async function chatWith(page: Page, name: string): Promise<void> {
  await page.getByRole('row').filter({ hasText: name }).last().dblclick()
  await page.getByRole('button', { name: 'Chat with it' }).click()
  await send(page, '你是谁？')
  await answered(page)
  await expect(lastAnswer(page)).toContainText(demoAnswer('你是谁？'))
}

async function turnOn(page: Page, folderName: string): Promise<void> {
  await goTo(page, 'Models')
  await page.getByRole('button', { name: 'Folders', exact: true }).click()
  await page.getByRole('switch', { name: new RegExp(folderName) }).click()
  await expect(page.getByText('1 model').first()).toBeVisible({ timeout: 15_000 })
  await page.keyboard.press('Escape')
}

test('a folder that is watched lists its models, and new ones by themselves', async ({ page, app }) => {
  const folder = join(app.home, '我的　模型 一')
  await mkdir(join(folder, 'deep'), { recursive: true })
  await copyFile(demoModel, join(folder, 'deep', '演示　一.gguf'))
  await goTo(page, 'Models')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('radio', { name: 'A folder' }).click()
  await page.getByRole('textbox', { name: /Path of a folder/ }).fill(folder)
  await page.getByRole('button', { name: 'Watch folder' }).click()
  await expect(page.getByRole('row')).toHaveCount(3, { timeout: 15_000 })

  await copyFile(endlessModel(), join(folder, 'later.gguf'))
  await expect(page.getByRole('row').filter({ hasText: 'Endless' })).toBeVisible({ timeout: 15_000 })
  await rm(join(folder, 'later.gguf'))
  await expect(page.getByRole('row').filter({ hasText: 'Endless' })).toContainText('Missing', { timeout: 15_000 })

  await page.getByRole('textbox', { name: 'Filter' }).fill('演示')
  await expect(page.getByRole('row')).toHaveCount(2)
  await chatWith(page, 'Yangtuo Demo')
})

test('models of LM Studio are used where they lie', async ({ page, app }) => {
  const folder = join(app.home, '.lmstudio/models/hfl/chinese-alpaca-2-7b-gguf')
  await mkdir(folder, { recursive: true })
  await copyFile(demoModel, join(folder, 'ggml-model-q8_0.gguf'))
  await app.restart('stop')
  await turnOn(page, 'LM Studio')
  await page.getByRole('combobox', { name: 'Source' }).selectOption({ label: 'LM Studio' })
  await chatWith(page, 'Yangtuo Demo')
  expect(await readdir(folder)).toEqual(['ggml-model-q8_0.gguf'])
})

test('models of Ollama are found by their manifests, and never deleted', async ({ page, app }) => {
  const models = join(app.home, '.ollama/models')
  const bytes = await readFile(demoModel)
  const digest = createHash('sha256').update(bytes).digest('hex')
  await mkdir(join(models, 'blobs'), { recursive: true })
  await mkdir(join(models, 'manifests/registry.ollama.ai/library/yangtuo'), { recursive: true })
  await writeFile(join(models, `blobs/sha256-${digest}`), bytes)
  const layer = { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}`, size: bytes.length }
  await writeFile(
    join(models, 'manifests/registry.ollama.ai/library/yangtuo/8b'),
    JSON.stringify({ schemaVersion: 2, layers: [layer] }),
  )
  await app.restart('stop')
  await turnOn(page, 'Ollama')
  const row = page.getByRole('row').filter({ hasText: 'yangtuo:8b' })
  await row.click({ button: 'right' })
  await page.getByRole('menuitem', { name: /trash/ }).click()
  await expect(page.getByText('It belongs to Ollama')).toBeVisible()
  await page.keyboard.press('Escape')
  await chatWith(page, 'yangtuo:8b')
  expect(await readdir(join(models, 'blobs'))).toEqual([`sha256-${digest}`])
})
