import { readFile } from 'node:fs/promises'
import { attacks } from '../src/shared/lib/attacks.fixture.ts'
import { expect, lastAnswer, test, type App } from './support/app-test.ts'
import { startHeadlessHost } from './support/headless-host.ts'
import { writeChat, writeLongThread } from './support/long-thread.ts'
import type { Page } from '@playwright/test'

/** Writes a chat of these texts while no host runs, and opens it. */
async function openChat(page: Page, app: App, texts: readonly string[]): Promise<void> {
  await app.host.stop()
  writeChat(app.dataDirectory, 'To read', texts)
  app.host = await startHeadlessHost(app.dataDirectory)
  await page.goto(app.host.address)
  await page.getByText('To read').first().click()
  await expect(page.getByRole('article').last()).toHaveAttribute('aria-setsize', String(texts.length))
}

async function openLongThread(page: Page, app: App, messageCount: number): Promise<void> {
  await app.host.stop()
  writeLongThread(app.dataDirectory, 'To read', messageCount)
  app.host = await startHeadlessHost(app.dataDirectory)
  await page.goto(app.host.address)
  await page.getByText('To read').first().click()
  await expect(lastAnswer(page)).toHaveAttribute('aria-setsize', String(messageCount))
}

const markedText = (page: Page, name = 'found-active') =>
  page.evaluate((name) => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString()), name)

test('a chat of 10,000 messages shows its end, scrolls without a jump, and keeps the focused message', async ({
  page,
  app,
}) => {
  await openLongThread(page, app, 10_000)
  await expect(lastAnswer(page)).toBeInViewport()
  expect(await page.getByRole('article').count()).toBeLessThan(60)

  await page.mouse.move(700, 400)
  const topOf = (id: string | null) =>
    page.evaluate((id) => document.querySelector(`[data-message="${id}"]`)?.getBoundingClientRect().top, id)
  for (let i = 0; i < 10; i++) {
    const id = await page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('[data-message]')]
      return rows.find((row) => row.getBoundingClientRect().top > 0)!.dataset.message!
    })
    const before = (await topOf(id))!
    await page.mouse.wheel(0, -350)
    await expect.poll(async () => Math.abs((await topOf(id))! - before - 350)).toBeLessThan(2)
  }

  // By the keyboard from message to message; the one with the focus stays in the page.
  await page.evaluate(() => [...document.querySelectorAll('article')].find((a) => a.getBoundingClientRect().top > 0)!.focus())
  const focused = () => page.evaluate(() => Number(document.activeElement?.getAttribute('aria-posinset')))
  const first = await focused()
  await page.keyboard.press('PageUp')
  await expect.poll(focused).toBe(first - 1)
  await page.getByRole('main').locator('.thread-scroller').evaluate((box) => (box.scrollTop = 0))
  await expect(page.locator('article[aria-posinset="1"]')).toBeInViewport()
  expect(await focused()).toBe(first - 1)
})

test('find sees messages that are not in the page, by substring in Chinese, and gives the focus back', async ({
  page,
  app,
}) => {
  await openLongThread(page, app, 1_000)
  await page.getByRole('textbox', { name: 'Message' }).focus()
  await page.keyboard.press('Control+f')
  const field = page.getByRole('searchbox', { name: 'Find in this chat' })
  await expect(field).toBeFocused()
  await field.fill('第 17 次')
  const status = page.getByRole('search').getByRole('status')
  await expect(status).toHaveText('1 of 1')
  await expect.poll(() => markedText(page)).toEqual(['第 17 次'])
  await expect(page.getByText('第 17 次回答')).toBeInViewport()

  // Widths and capitals are the same; the word is written with emphasis.
  await field.fill('ＫＧ')
  await expect(status).toContainText('of 1,000')
  const before = await status.textContent()
  await field.press('Enter')
  await expect(status).not.toHaveText(before!)
  await field.press('Shift+Enter')
  await expect(status).toHaveText(before!)
  expect((await markedText(page, 'found')).length).toBeGreaterThan(2)

  await field.fill('nowhere')
  await expect(status).toHaveText('Not found')
  await field.press('Escape')
  await expect(field).toBeHidden()
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused()
  expect(await markedText(page, 'found')).toEqual([])
})

const page1 = `<think>
先想**一想**，答案是 42。
</think>

羊驼[^1]的毛很细，美洲驼[^b]则粗。

- [x] 完成
- [ ] 待办

价格 $5 与 $6，公式 $x_1^2$，另有 \\(a^2\\)。

[^1]: 学名 *Vicugna pacos*。
[^b]: 学名 *Lama glama*。

\`\`\`python
print("${'long '.repeat(60)}")
\`\`\``

test('thoughts are folded, footnotes lead there and back, code is wrapped and saved', async ({ page, app }) => {
  await openChat(page, app, ['问', page1])
  const answer = lastAnswer(page)
  await expect(answer).not.toContainText('42')
  await answer.getByRole('button', { name: /^Thought/ }).click()
  await expect(answer).toContainText('答案是 42')
  await answer.getByRole('button', { name: /^Thought/ }).click()

  await answer.getByRole('link', { name: 'Footnote 2' }).click()
  await expect(answer.getByRole('listitem').filter({ hasText: 'Lama glama' })).toBeFocused()
  await answer.getByRole('listitem').filter({ hasText: 'Lama glama' }).getByRole('button').click()
  await expect(answer.getByRole('link', { name: 'Footnote 2' })).toBeFocused()
  await expect(answer.locator('.katex')).toHaveCount(2)
  await expect(answer).toContainText('价格 $5 与 $6')

  const code = answer.locator('pre')
  const overflows = () => code.evaluate((pre) => pre.scrollWidth > pre.clientWidth)
  expect(await overflows()).toBe(true)
  await answer.getByRole('button', { name: 'Wrap long lines' }).click()
  await expect.poll(overflows).toBe(false)
  const download = page.waitForEvent('download')
  await answer.getByRole('button', { name: 'Save as a file' }).click()
  expect((await download).suggestedFilename()).toBe('code.py')
  expect(await readFile(await (await download).path(), 'utf8')).toContain('long long')

  // What was thought is found too, and opens.
  await page.keyboard.press('Control+f')
  await page.getByRole('searchbox', { name: 'Find in this chat' }).fill('想一想')
  await expect.poll(() => markedText(page)).toEqual(['想一想'])
})

test('an answer is copied with its formatting, without its thoughts', async ({ page, app, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openChat(page, app, ['问', page1])
  await lastAnswer(page).hover()
  await lastAnswer(page).getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Copy with formatting' }).click()
  await expect(page.getByText('Copied').first()).toBeVisible()
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    const read = async (type: string) => (await item!.getType(type)).text()
    return { html: await read('text/html'), plain: await read('text/plain') }
  })
  expect(copied.html).toContain('<em>Vicugna pacos</em>')
  expect(copied.plain).toContain('*Vicugna pacos*')
  expect(copied.html + copied.plain).not.toContain('答案是')
  expect(copied.html).not.toContain('127.0.0.1')
})

const fence = '```'
const diagrams = `${fence}mermaid
graph TD
  A[Alpaca] --> B[Llama]
  click A "https://evil.example"
${fence}

${fence}mermaid
graph TD
  A[[[ --> oops
${fence}

${fence}markmap
# Camelids
## Alpaca
## Llama
${fence}`

test('diagrams and mind maps are drawn in frames that can do nothing else', async ({ page, app }) => {
  await openChat(page, app, ['问', diagrams])
  const answer = lastAnswer(page)
  const diagram = answer.locator('iframe[title="Diagram"]')
  await expect(diagram.contentFrame().getByText('Alpaca')).toBeVisible()
  await expect(answer.locator('iframe[title="Mind map"]').contentFrame().getByText('Camelids')).toBeVisible()
  await expect(answer.getByRole('note')).toContainText('This could not be drawn. Parse error on line 2')
  await expect(answer.locator('pre')).toContainText('A[[[ --> oops')

  await expect(diagram.contentFrame().locator('a')).toHaveCount(0)
  const frame = page.frames().find((frame) => frame.url().endsWith('/mermaid-frame.html'))!
  const can = await frame.evaluate(async () => ({
    origin: self.origin,
    network: await fetch('https://example.org').then(() => true, () => false),
    host: await fetch('./index.html').then(() => true, () => false),
    parent: (() => {
      try {
        return parent.document !== null
      } catch {
        return false
      }
    })(),
  }))
  expect(can).toEqual({ origin: 'null', network: false, host: false, parent: false })

  const download = page.waitForEvent('download')
  await answer.getByRole('button', { name: 'Save as SVG' }).first().click()
  const svg = await readFile(await (await download).path(), 'utf8')
  expect(svg).toContain('Alpaca')
  expect(svg).not.toContain('evil.example')
  await answer.getByRole('button', { name: 'Show the source' }).first().click()
  await expect(answer.locator('pre').first()).toContainText('click A')
})

test('220 answers made to attack run nothing, load nothing and lead nowhere', async ({ page, app }) => {
  test.setTimeout(180_000)
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  // Mermaid asks for the picture of a shape; the policy of its frame refuses before anything is sent.
  const refused: string[] = []
  page.on('requestfailed', (request) => request.failure()?.errorText === 'csp' && refused.push(request.url()))
  page.on('dialog', (dialog) => {
    throw new Error(`A script ran: ${dialog.message()}`)
  })
  const inTen = Array.from({ length: Math.ceil(attacks.length / 10) }, (_, i) => attacks.slice(i * 10, i * 10 + 10))
  // Apart, so that one left open does not swallow the next.
  const texts = inTen.flatMap((some, i) => [`Question ${i}`, some.join('\n\n')])
  await openChat(page, app, texts)
  const known = requests.length
  await lastAnswer(page).focus()
  for (let position = texts.length; position > 0; position -= 2) {
    const answer = page.locator(`article[aria-posinset="${position}"]`)
    // By the keyboard, past the question between two answers.
    for (let at = position + 1; at >= position && position < texts.length; at--) {
      await page.keyboard.press('PageUp')
      await expect(page.locator(`article[aria-posinset="${at}"]`)).toBeFocused()
    }
    const bad = await answer.evaluate((article) =>
      [...article.querySelectorAll('*')]
        .filter((element) => {
          const isFrame = element.matches('iframe[sandbox="allow-scripts"]')
          const isOurs = element.closest('button') !== null
          if (isFrame || isOurs) return false
          if (element.matches('script, iframe, object, embed, style, link, meta, base, form, img, video, audio')) return true
          return [...element.attributes].some(
            ({ name, value }) => /^on/i.test(name) || (/href$/i.test(name) && !/^(?:https?:|mailto:|#)/.test(value)),
          )
        })
        .map((element) => element.outerHTML.slice(0, 200)),
    )
    expect(bad).toEqual([])
  }
  await page.waitForTimeout(3000)
  const { origin, host } = new URL(app.host.address)
  const foreign = requests.slice(known).filter((url) => !url.startsWith(origin) && !url.startsWith(`ws://${host}`))
  expect(foreign.filter((url) => !/^(?:data|blob):/.test(url) && !refused.includes(url))).toEqual([])
  expect(page.url()).toBe(`${origin}/`)
})
