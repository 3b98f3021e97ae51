import { connectClient } from './support/client.ts'
import { expect, lastAnswer, test } from './support/app-test.ts'
import { writeLongThread } from './support/long-thread.ts'
import { importAndLoad } from './support/load-model.ts'
import { endlessModel } from './support/random-models.ts'
import { startHeadlessHost } from './support/headless-host.ts'

// Recording a trace takes the very frames that are counted.
test.use({ trace: 'off' })

test('an answer that streams into 500 messages renders no other message, and once a frame at most', async ({
  page,
  app,
}) => {
  await app.host.stop()
  const chatId = writeLongThread(app.dataDirectory, 'Five hundred', 500)
  app.host = await startHeadlessHost(app.dataDirectory)
  await page.addInitScript(() => {
    globalThis.messageRenders = new Map()
  })
  await page.goto(app.host.address)
  await importAndLoad(page, app, endlessModel())
  await page.getByText('Five hundred').click()
  // Those in sight and some round them are in the page; of the others, the place and the number.
  await expect(lastAnswer(page)).toHaveAttribute('aria-setsize', '500')
  const inPage = await page.getByRole('article').count()
  expect(inPage).toBeGreaterThan(5)
  expect(inPage).toBeLessThan(60)

  const { client, close } = await connectClient(app.host.address)
  await client.chats.update({ chatId, sampling: { temperature: 0 } })
  close()
  await page.getByRole('textbox', { name: 'Message' }).fill('tana')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(lastAnswer(page)).toContainText(/\w{20}/)

  const counted = await page.evaluate(
    () =>
      new Promise<{ frames: number; renders: number[] }>((resolve) => {
        const before = new Map(globalThis.messageRenders)
        const started = performance.now()
        let frames = 0
        const count = () => {
          frames++
          if (performance.now() - started < 1500) return requestAnimationFrame(count)
          const all = [...(globalThis.messageRenders ?? [])]
          resolve({ frames, renders: all.map(([id, n]) => n - (before.get(id) ?? 0)).filter((n) => n > 0) })
        }
        requestAnimationFrame(count)
      }),
  )
  // Of many that are in the page, and that were rendered before, only the one that grows.
  expect(await page.evaluate(() => globalThis.messageRenders!.size)).toBeGreaterThan(5)
  expect(counted.renders.length).toBe(1)
  expect(counted.renders[0]).toBeGreaterThan(3)
  expect(counted.renders[0]).toBeLessThanOrEqual(counted.frames + 1)
})
