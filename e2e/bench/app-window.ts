/** The app as a person has it, for measuring: the built headless host and a Chromium window on it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../../build/find-browser.ts'
import { type Client, connectClient } from '../support/client.ts'
import { type HeadlessHost, startHeadlessHost } from '../support/headless-host.ts'

export interface AppWindow {
  host: HeadlessHost
  client: Client
  page: Page
  close(): Promise<void>
}

/** On a data folder of its own that is removed again, or on the given one. */
export async function openAppWindow(ownDataDirectory?: string): Promise<AppWindow> {
  const dataDirectory = ownDataDirectory ?? (await mkdtemp(join(tmpdir(), 'yangtuo-bench-')))
  const host = await startHeadlessHost(dataDirectory)
  const browser = await chromium.launch({
    executablePath: (await findBrowser({ mayInstall: false })) ?? undefined,
    chromiumSandbox: process.getuid?.() !== 0,
  })
  const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } })
  await page.goto(host.address)
  const connection = await connectClient(host.address)
  return {
    host,
    client: connection.client,
    page,
    async close() {
      connection.close()
      await browser.close()
      await host.stop()
      if (!ownDataDirectory) await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** Sends `text` in a new chat through the window and returns the finished answer with its run card. */
export async function askInNewChat({ page, client }: AppWindow, modelId: string, text: string, maxTokens: number) {
  const chat = await client.chats.create({ modelId })
  await client.chats.update({ chatId: chat.id, sampling: { temperature: 0, repeatPenalty: 1, maxTokens } })
  await page.getByRole('navigation', { name: 'Chats' }).getByText(chat.title || 'New chat').first().click()
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  return finishedAnswer(client, chat.id)
}

async function finishedAnswer(client: Client, chatId: string) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const answer = (await client.chats.messages({ chatId })).at(-1)
    if (answer?.role === 'assistant' && answer.status !== 'running') {
      if (answer.runCard === null || answer.status !== 'complete') throw new Error(`The answer ended as ${answer.status}.`)
      return { ...answer, runCard: answer.runCard }
    }
  }
}
