import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chatServices } from '../chats/chats.fixture.ts'
import { silentLog, temporaryFolder } from '../core.fixture.ts'
import { AttachmentsRepository } from './attachments-repository.ts'
import { AttachmentsService } from './attachments-service.ts'

let services: ReturnType<typeof chatServices>
let folder: ReturnType<typeof temporaryFolder>
let directory: string
let attachments: AttachmentsService

beforeEach(() => {
  services = chatServices()
  folder = temporaryFolder()
  directory = join(folder.path, '附件　a', 'attachments')
  attachments = new AttachmentsService(new AttachmentsRepository(services.database), directory, silentLog)
})
afterEach(() => {
  vi.useRealTimers()
  services.close()
  folder.remove()
})

const notFound = expect.objectContaining({ code: 'NOT_FOUND' })
const later = () => vi.useFakeTimers({ now: Date.now() + 120_000, toFake: ['Date'] })

test('a text is kept once, whatever its names, and read as it was', async () => {
  const text = '羊驼 🦙\r\n\u0000 end'
  const [first, second] = await Promise.all([attachments.add('a.txt', text), attachments.add('../../乙.md', text)])
  expect(first).toEqual({ id: first.id, name: 'a.txt', sizeBytes: Buffer.byteLength(text) })
  expect(second).toEqual({ ...first, name: '../../乙.md' })
  expect(readdirSync(directory)).toEqual([first.id])
  expect(await attachments.read(first.id)).toBe(text)
})

// Bug: an id from outside leads out of the folder.
test('only a hash is looked for', async () => {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, '..', 'secret'), 'x')
  for (const id of ['../secret', '..', '', 'f'.repeat(63), `${'f'.repeat(64)}/..`, 'f'.repeat(64)]) {
    await expect(attachments.read(id)).rejects.toEqual(notFound)
  }
})

// Bug: an attachment goes although a queue, a draft, the trash or a deleted branch still names it.
test('collects what nothing names, and nothing else', async () => {
  const { chats, messageTree, trash } = services
  const add = (name: string) => attachments.add(name, name)
  const [sent, drafted, queued, trashed, branched, unnamed] = await Promise.all(
    ['sent', 'drafted', 'queued', 'trashed', 'branched', 'unnamed'].map(add),
  )
  const one = chats.create(null)
  const { question, answers } = chats.addQuestion(one.id, null, { text: 'q', attachments: [sent!] })
  chats.saveAnswer({ ...answers[0], status: 'complete' })
  chats.update(one.id, { draftAttachments: [drafted!], queue: [{ id: 'q', text: 't', attachments: [queued!] }] })
  const version = chats.addMessage({ ...question, id: 'branch', attachments: [branched!] })
  messageTree.deleteBranch(version.id)
  const other = chats.create(null)
  chats.addMessage({ ...question, id: 'other', chatId: other.id, attachments: [trashed!] })
  trash.trash([other.id])
  writeFileSync(join(directory, `${unnamed!.id}.${crypto.randomUUID()}.part`), 'half')
  writeFileSync(join(directory, 'foreign'), '')

  await attachments.collect()
  expect(readdirSync(directory)).toHaveLength(8)
  later()
  await attachments.collect()
  const named = [sent, drafted, queued, trashed, branched].map((attachment) => attachment!.id)
  expect(readdirSync(directory).toSorted()).toEqual([...named, 'foreign'].toSorted())

  await trash.deleteForever([other.id])
  await attachments.collect()
  await expect(attachments.read(trashed!.id)).rejects.toEqual(notFound)
  expect(await attachments.read(sent!.id)).toBe('sent')
})

// Bug: a text that is attached again while it is collected is gone before its draft is saved.
test('what is added again is kept', async () => {
  const { id } = await attachments.add('a', 'again')
  later()
  await Promise.all([attachments.collect(), attachments.add('b', 'again')])
  expect(await attachments.read(id)).toBe('again')
})
