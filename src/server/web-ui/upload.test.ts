import { describe, expect, test } from 'vitest'
import { safeFileName } from './upload.ts'

describe('safeFileName', () => {
  test.each([
    ['../../etc/x.gguf', 'x.gguf'],
    ['C:\\models\\x.gguf', 'x.gguf'],
    ['..\\..\\x.gguf', 'x.gguf'],
    ['中文 模型\u3000一.gguf', '中文 模型\u3000一.gguf'],
    ['a:b|c?.gguf', 'a_b_c_.gguf'],
    ['a\0b\n.gguf', 'a_b_.gguf'],
    ['NUL.gguf', '_NUL.gguf'],
    ['.hidden.gguf. ', 'hidden.gguf'],
  ])('%j becomes %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected)
  })

  test.each(['', '..', '.', '../', 'x/..', ' . '])('%j is refused', (name) => {
    expect(safeFileName(name)).toBeNull()
  })

  test('a name longer than file systems take keeps its ending and whole characters', () => {
    const name = safeFileName(`${'羊'.repeat(300)}.gguf`)!
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(230)
    expect(name).toMatch(/^羊+\.gguf$/)
  })
})
