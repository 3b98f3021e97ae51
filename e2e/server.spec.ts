import OpenAI from 'openai'
import { expect, goTo, test } from './support/app-test.ts'
import { freePort } from './support/free-port.ts'

test('a person switches the server on, a program asks, and the page shows both', async ({ page, app }) => {
  await goTo(page, 'Server')
  await expect(page.getByText('The server is off.')).toBeVisible()
  const port = await freePort()
  await page.getByRole('spinbutton', { name: 'Port' }).fill(String(port))
  await page.getByRole('spinbutton', { name: 'Port' }).press('Enter')
  await page.getByRole('switch', { name: 'Serve programs' }).click()
  await expect(page.getByText(`http://127.0.0.1:${port}/v1`, { exact: true })).toBeVisible()
  await page.getByRole('switch', { name: 'Keep prompts and answers' }).click()

  const client = new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'any' })
  const [model] = (await client.models.list()).data
  await expect(page.getByLabel('Language of the example')).toBeVisible()
  await expect(page.locator('pre', { hasText: `127.0.0.1:${port}` })).toContainText(model!.id)
  const stream = await client.chat.completions.create({
    model: model!.id,
    messages: [{ role: 'user', content: '你是谁？' }],
    stream: true,
  })
  let answer = ''
  for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? ''
  expect(answer).toContain('羊驼')

  const entry = page.locator('details', { hasText: '/v1/chat/completions' })
  await entry.locator('summary').click()
  await expect(entry.locator('pre').first()).toContainText('你是谁？')
  await expect(entry.locator('pre').last()).toContainText(answer)
  await expect(page.getByText('1 requests, 0 of them failed', { exact: false })).toBeVisible()

  // On at the next start as well.
  await app.restart('stop')
  expect((await client.models.list()).data[0]!.id).toBe(model!.id)
  await goTo(page, 'Server')
  await page.getByRole('switch', { name: 'Serve programs' }).click()
  await expect(page.getByText('The server is off.')).toBeVisible()
  await expect(client.models.list({ maxRetries: 0 })).rejects.toThrow()
})

test('a key is shown once, lets a program in, and shuts it out when it is removed', async ({ page }) => {
  await goTo(page, 'Server')
  const port = await freePort()
  await page.getByRole('spinbutton', { name: 'Port' }).fill(String(port))
  await page.getByRole('spinbutton', { name: 'Port' }).press('Enter')
  await page.getByRole('switch', { name: 'Each request needs a key' }).click()
  await page.getByRole('switch', { name: 'Serve programs' }).click()
  await expect(page.getByText('Each request needs a key.', { exact: false })).toBeVisible()
  const list = (apiKey: string) => new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey }).models.list()
  await expect(list('guess')).rejects.toThrow(/401/)

  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('笔记程序')
  await page.getByRole('button', { name: 'Create key' }).click()
  const secret = await page.getByRole('dialog').locator('code').innerText()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  expect((await list(secret)).data.length).toBeGreaterThan(0)
  await expect(page.getByText(secret)).toHaveCount(0)

  await page.getByRole('button', { name: 'Remove the key 笔记程序' }).click()
  await page.getByRole('button', { name: 'Remove key', exact: true }).click()
  await expect(page.getByText('There is no key.')).toBeVisible()
  await expect(list(secret)).rejects.toThrow(/401/)
})

test('a port that is taken is said, and another one serves', async ({ page, app }) => {
  await goTo(page, 'Server')
  const taken = new URL(app.host.address).port
  await page.getByRole('spinbutton', { name: 'Port' }).fill(taken)
  await page.getByRole('spinbutton', { name: 'Port' }).press('Enter')
  await page.getByRole('switch', { name: 'Serve programs' }).click()
  await expect(page.getByText(`Port ${taken} is used by another program.`, { exact: false })).toBeVisible()
  const port = await freePort()
  await page.getByRole('spinbutton', { name: 'Port' }).fill(String(port))
  await page.getByRole('spinbutton', { name: 'Port' }).press('Enter')
  await expect(page.getByText(`http://127.0.0.1:${port}/v1`, { exact: true })).toBeVisible()
})
