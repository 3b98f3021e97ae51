import { expect, test } from 'vitest'
import { externalUrl, isOwnMainFrame, isSameOrigin } from './window-origin.ts'

const origin = 'app://yangtuo'

test.each([
  ['app://yangtuo/', true],
  ['app://yangtuo/index.html#chat', true],
  ['app://yangtuo.evil.example/', false],
  ['app://evil/app://yangtuo/', false],
  ['https://yangtuo/', false],
  ['file:///app://yangtuo/index.html', false],
  ['about:blank', false],
  ['', false],
])('%j is ours: %j', (url, expected) => {
  expect(isSameOrigin(url, origin)).toBe(expected)
})

test('only the main frame of the own page may ask for the port', () => {
  const main = { url: 'app://yangtuo/', parent: null }
  expect(isOwnMainFrame(main, origin)).toBe(true)
  expect(isOwnMainFrame({ url: 'app://yangtuo/', parent: main }, origin)).toBe(false)
  expect(isOwnMainFrame({ url: 'https://evil.example/', parent: null }, origin)).toBe(false)
  expect(isOwnMainFrame(null, origin)).toBe(false)
})

test.each([
  ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
  ['http://example.org', 'http://example.org/'],
  ['HTTPS://EXAMPLE.ORG', 'https://example.org/'],
  ['file:///etc/passwd', null],
  ['javascript:alert(1)', null],
  ['smb://server/share', null],
  ['ms-msdt:/id', null],
  ['app://yangtuo/', null],
  ['not a url', null],
])('a link to %j opens %j outside', (text, expected) => {
  expect(externalUrl(text)).toBe(expected)
})
