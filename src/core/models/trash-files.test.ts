import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryHome } from './model-files.fixture.ts'
import { canMoveToTrash, moveToTrash } from './trash-files.ts'

// Bug: the second file of a name replaces the first one in the trash.
test.runIf(canMoveToTrash)('two files of one name are both kept, with where they were', async () => {
  const home = temporaryHome()
  const trash = join(home.path, '.local/share/Trash')
  const path = join(home.path, '模型　100%.gguf')
  for (const text of ['one', 'two']) {
    writeFileSync(path, text)
    await moveToTrash(path)
  }
  const names = ['模型　100%.gguf', '模型　100%.gguf 2']
  expect(readdirSync(home.path)).not.toContain('模型　100%.gguf')
  expect(names.map((name) => readFileSync(join(trash, 'files', name), 'utf8'))).toEqual(['one', 'two'])
  for (const name of names) {
    const [, line] = readFileSync(join(trash, 'info', `${name}.trashinfo`), 'utf8').split('\n')
    expect(decodeURIComponent(line!.slice('Path='.length))).toBe(path)
  }
  await expect(moveToTrash(join(home.path, 'vanished.gguf'))).rejects.toMatchObject({ code: 'ENOENT' })
  home.restore()
})

const shared = '/dev/shm'
const isOtherDrive = statSync(shared, { throwIfNoEntry: false })?.dev !== statSync(tmpdir()).dev

// Bug: a file on another drive is copied into the home folder, gigabytes of it, or refused.
test.runIf(canMoveToTrash && isOtherDrive)('a file on another drive goes to the trash of that drive', async () => {
  const home = temporaryHome()
  const folder = mkdtempSync(join(shared, 'yangtuo '))
  const trash = join(shared, `.Trash-${process.getuid!()}`)
  const path = join(folder, `${Math.random()}.gguf`)
  writeFileSync(path, '')
  await moveToTrash(path)
  expect(readdirSync(folder)).toEqual([])
  const name = path.slice(folder.length + 1)
  const note = readFileSync(join(trash, 'info', `${name}.trashinfo`), 'utf8')
  expect(note).toContain(`Path=${encodeURIComponent(folder.slice(shared.length + 1))}/${name}\n`)
  for (const part of [join(trash, 'files', name), join(trash, 'info', `${name}.trashinfo`), folder]) {
    rmSync(part, { recursive: true })
  }
  home.restore()
})
