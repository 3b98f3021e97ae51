import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const entry = join(import.meta.dirname, 'index.ts')
let dataDirectory: string

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'yangtuo 羊驼 '))
})
afterEach(() => rm(dataDirectory, { recursive: true, force: true }))

function run(...options: string[]) {
  const child = spawn(process.execPath, [entry, '--data-dir', dataDirectory, ...options])
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (output.stdout += text))
  child.stderr.on('data', (text) => (output.stderr += text))
  return { child, output, ended: once(child, 'close').then(([code]) => ({ code: code as number, ...output })) }
}

async function runUntilReady(...options: string[]) {
  const host = run(...options)
  await expect.poll(() => host.output.stdout, { timeout: 20_000 }).toMatch(/\n/)
  return host
}

test('prints one line, keeps the token out of the log, and a second host on the same folder says why it ends', async () => {
  const host = await runUntilReady()
  const second = await run().ended
  expect(second).toMatchObject({ code: 1, stdout: '' })
  expect(second.stderr).toMatch(/文件夹[^]*already running with this data folder/)

  host.child.kill('SIGTERM')
  // A terminal and a parent may both pass the signal on.
  host.child.kill('SIGINT')
  const { code, stdout } = await host.ended
  expect(code).toBe(0)
  expect(stdout).toMatch(/^\S+ Open: http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n$/)
  const token = /token=(\S+)/.exec(stdout)![1]!
  expect(await readFile(join(dataDirectory, 'logs', 'yangtuo.log'), 'utf8')).not.toContain(token)
})

test('a port that is taken is told', async () => {
  const host = await runUntilReady()
  const port = /:(\d+)\//.exec(host.output.stdout)![1]!
  const otherFolder = await mkdtemp(join(tmpdir(), 'yangtuo '))
  const second = await run('--data-dir', otherFolder, '--port', port).ended
  expect(second).toMatchObject({ code: 1, stdout: '' })
  expect(second.stderr).toMatch(/端口[^]*choose another --port/)
  host.child.kill('SIGTERM')
  await host.ended
  await rm(otherFolder, { recursive: true })
})

test.each(['--port 70000', '--port x', '--no-token', 'chat'])('%s is refused with the usage', async (options) => {
  const { code, stderr } = await run(...options.split(' ')).ended
  expect(code).toBe(1)
  expect(stderr).toContain('--data-dir DIR')
})
