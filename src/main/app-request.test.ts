import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerAppRequest } from './app-request.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'yangtuo app '))
  await mkdir(join(root, 'ui'))
  await writeFile(join(root, 'ui', 'index.html'), '<!doctype html>')
  await writeFile(join(root, 'secret.json'), '{}')
})
afterAll(() => rm(root, { recursive: true }))

const statusOf = async (url: string, method = 'GET') =>
  (await answerAppRequest(new Request(url, { method }), join(root, 'ui'))).status

test('the page comes with the strict policy', async () => {
  const response = await answerAppRequest(new Request('app://yangtuo/'), join(root, 'ui'))
  expect(await response.text()).toBe('<!doctype html>')
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';.*connect-src 'self';/)
})

test('nothing beyond the folder, no other host, no other method', async () => {
  expect(await statusOf('app://yangtuo/..%2fsecret.json')).toBe(404)
  expect(await statusOf('app://yangtuo/../secret.json')).toBe(404)
  expect(await statusOf('app://yangtuo/%2e%2e/secret.json')).toBe(404)
  expect(await statusOf('app://evil/index.html')).toBe(403)
  expect(await statusOf('app://yangtuo/', 'POST')).toBe(403)
})
