import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from './log.ts'

let directory: string
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'yangtuo log ')), 'logs')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a log that is written for ever stays below twice its limit, over restarts too', async () => {
  for (let run = 0; run < 5; run++) {
    const log = openLog(directory, 2000)
    for (let line = 0; line < 40; line++) log.info('engine started', { run, line })
  }
  expect((await readdir(directory)).sort()).toEqual(['yangtuo.log', 'yangtuo.old.log'])
  for (const name of await readdir(directory)) expect((await stat(join(directory, name))).size).toBeLessThan(2200)
  expect(await readFile(join(directory, 'yangtuo.log'), 'utf8')).toContain('{"run":4,"line":39}')
})

test('a log whose folder vanished does not throw', async () => {
  const log = openLog(directory)
  await rm(directory, { recursive: true })
  log.error('still here')
})
