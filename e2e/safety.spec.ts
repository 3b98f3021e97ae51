import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { connectClient } from './support/client.ts'
import { answered, expect, goTo, send, test } from './support/app-test.ts'
import { startHeadlessHost } from './support/headless-host.ts'

test('Markdown made to attack stays text, and nothing is fetched', async ({ page, app }) => {
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('dialog', (dialog) => {
    throw new Error(`A script ran: ${dialog.message()}`)
  })
  // A person's own message goes through the same renderer as an answer only as far as text; answers are
  // covered word by word in the renderer's unit tests. Here the whole page is looked at.
  const attack = [
    '<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>',
    '[x](javascript:alert(4)) ![y](http://127.0.0.1:9/pixel.png) <iframe src="javascript:alert(5)"></iframe>',
  ].join('\n\n')
  await send(page, attack)
  await answered(page)
  expect(await page.locator('article script, article img, article iframe, article svg[onload]').count()).toBe(0)
  expect(requests.filter((url) => !url.startsWith(new URL(app.host.address).origin) && !url.startsWith('ws:'))).toEqual([])
})

test('without the token nothing is served', async ({ app, browser }) => {
  const stranger = await browser.newPage()
  const response = await stranger.goto(new URL('/', app.host.address).href)
  expect(response?.status()).toBe(401)
  await expect(connectClient(`${new URL(app.host.address).origin}/?token=wrong`)).rejects.toThrow()
  await stranger.close()
})

test('a second host on the same data folder is refused', async ({ app }) => {
  await expect(startHeadlessHost(app.dataDirectory)).rejects.toThrow('ended with 1')
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the ${theme} theme`, async ({ page, app }) => {
    test.setTimeout(180_000)
    const { client, close } = await connectClient(app.host.address)
    await client.settings.update({ theme, inspectorVisible: true })
    close()
    await send(page, '你是谁？')
    await answered(page)
    const command = async (text: string) => {
      await page.keyboard.press('ControlOrMeta+k')
      await page.getByRole('combobox', { name: 'Commands' }).fill(text)
      await page.keyboard.press('Enter')
    }
    const action = async (name: string) => {
      await page.getByRole('article', { name: 'Assistant' }).last().hover()
      await page.getByRole('article', { name: 'Assistant' }).last().getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    const open: Record<string, () => Promise<unknown>> = {
      chat: () => page.getByRole('button', { name: 'All load settings' }).click(),
      'all sampling values': () => page.getByRole('button', { name: 'More sampling values' }).click(),
      'room for the system prompt': () => page.getByRole('button', { name: 'Edit with more room' }).click(),
      palette: () => page.keyboard.press('ControlOrMeta+k'),
      shortcuts: () => page.keyboard.press('ControlOrMeta+/'),
      presets: () => command('manage presets'),
      'a preset': () => page.getByRole('button', { name: 'shareAI-Llama3, playful' }).click(),
      'the exact prompt': () => action('Show the exact prompt'),
      'the tokens': () => action('Show the tokens'),
      'the run card': () => action('How this answer came about'),
      'other values': () => action('Regenerate with…'),
      export: () => command('export'),
      import: () => command('import'),
      trash: () => command('trash'),
      find: () => command('find in this chat'),
      search: () => page.getByRole('combobox', { name: 'Search chats' }).fill('谁'),
      server: () => goTo(page, 'Server'),
      'a new key': () => page.getByRole('button', { name: 'New key' }).click(),
      settings: () => goTo(page, 'Settings'),
      'my models': () => goTo(page, 'Models'),
      'a model': () => page.getByRole('row').filter({ hasText: 'Yangtuo Demo' }).dblclick(),
      metadata: () => page.getByRole('tab', { name: 'Metadata' }).click(),
      catalog: () => page.getByRole('tab', { name: 'Discover' }).click(),
      'a model of the catalog': () => page.getByRole('button', { name: 'Llama-3-Chinese-8B-Instruct-v3' }).click(),
      downloads: () => page.getByRole('tab', { name: 'Downloads' }).click(),
    }
    for (const [screen, show] of Object.entries(open)) {
      if (screen !== 'a preset') await closeDialogs(page)
      await show()
      await page.waitForTimeout(300)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect.soft(serious.map(({ id, nodes }) => `${screen}: ${id} ${nodes[0]?.html}`)).toEqual([])
    }
  })
}

async function closeDialogs(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 300 })
  }).toPass({ timeout: 5_000 })
}
