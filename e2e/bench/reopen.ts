/**
 * Coming back to a long chat after a restart: from sending the next message to the first token, with the chat's
 * saved state and without it, on the 207 M model.
 *
 *   npm run bench -- reopen [--tokens 4000] [--rounds 3]
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Message } from '../../src/shared/contract/chats.ts'
import { type Client, connectClient } from '../support/client.ts'
import { startHeadlessHost } from '../support/headless-host.ts'
import { midModel } from '../support/random-models.ts'
import { median, report, rounded, type Row } from './report.ts'

const { values } = parseArgs({
  options: { tokens: { type: 'string', default: '4000' }, rounds: { type: 'string', default: '3' } },
})
const wantedTokens = Number(values.tokens)

const rows: Row[] = []
for (const type of ['Q4_K_M'] as const) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo-bench-'))
  const modelId = await withApp(dataDirectory, async (client) => {
    const model = await client.models.importFile({ path: midModel(type) })
    await client.models.saveLoadOverrides({ modelId: model.id, loadOverrides: { contextSize: wantedTokens + 1024 } })
    return model.id
  })
  const times = { saved: [] as number[], again: [] as number[] }
  let tokens = 0
  const chatId = await withApp(dataDirectory, async (client) => {
    await client.settings.update({ savedStatesGb: 20, automaticTitles: false })
    await client.models.load({ modelId })
    const chat = await client.chats.create({ modelId })
    const sampling = { temperature: 0, repeatPenalty: 1, maxTokens: 16 }
    await client.chats.update({ chatId: chat.id, title: 'Long', sampling })
    await ask(client, chat.id, null, await longText(client, chat.id))
    return chat.id
  })
  const stateBytes = await sizeOfFiles(join(dataDirectory, 'states'))
  for (const way of ['saved', 'again'] as const) {
    for (let round = 0; round < Number(values.rounds); round++) {
      const card = await withApp(dataDirectory, async (client) => {
        await client.settings.update({ savedStatesGb: way === 'saved' ? 20 : null })
        await client.models.load({ modelId })
        const [, answer] = await client.chats.messages({ chatId })
        return (await ask(client, chatId, answer!.id, 'tana reki lomu')).runCard!
      })
      tokens = card.promptTokens
      times[way].push(card.timeToFirstTokenMs!)
    }
  }
  await rm(dataDirectory, { recursive: true, force: true })
  rows.push({
    model: `207 M ${type}`,
    'prompt tokens': tokens,
    'state MB': rounded(stateBytes / 1e6, 0),
    'read again, ms': rounded(median(times.again), 0),
    'from the state, ms': rounded(median(times.saved), 0),
    'times as fast': rounded(median(times.again) / median(times.saved)),
  })
}
report('reopen', rows)

/** A host on the data folder, ended in the orderly way. */
async function withApp<T>(dataDirectory: string, work: (client: Client) => Promise<T>): Promise<T> {
  const host = await startHeadlessHost(dataDirectory)
  const connection = await connectClient(host.address)
  try {
    return await work(connection.client)
  } finally {
    connection.close()
    await host.stop()
  }
}

async function longText(client: Client, chatId: string): Promise<string> {
  const line = 'tana reki lomu sibe '
  const lineTokens = (await client.generation.countText({ chatId, text: line.repeat(100) }))! / 100
  return line.repeat(Math.floor(wantedTokens / lineTokens))
}

async function ask(client: Client, chatId: string, parentId: string | null, text: string): Promise<Message> {
  const { answerIds } = await client.generation.send({ chatId, parentId, text })
  for await (const event of await client.generation.attach({ answerId: answerIds[0]!, offset: 0 })) {
    if (event.type !== 'end') continue
    if (event.message.status !== 'complete') throw new Error(`The answer ended as ${event.message.status}.`)
    return event.message
  }
  throw new Error('The answer never ended')
}

async function sizeOfFiles(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
