// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { decodeText } from './decode-text.ts'

/** In GB18030 and Big5, as Python's codecs write them. */
const gb18030 = Uint8Array.from(Buffer.from('d1f2cdd5cac7d2bbd6d6b6afceefa3acd7a1d4dac9bdc9cfa1a30a', 'hex'))
const big5 = Uint8Array.from(Buffer.from('a6cfbe6dac4fa440bad8b0caaaaba141a6eda662a473a457a143', 'hex'))

function utf16(text: string, bigEndian: boolean, mark: boolean): Uint8Array {
  const bytes = Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le')
  return new Uint8Array(bigEndian ? bytes.swap16() : bytes)
}

describe('decodeText', () => {
  // Catches: a Chinese file from an older system attached as gibberish, or read in the other of the two encodings.
  it('reads GB18030 and Big5 without being told which', () => {
    expect(decodeText(gb18030)).toBe('羊驼是一种动物，住在山上。\n')
    expect(decodeText(big5)).toBe('羊駝是一種動物，住在山上。')
  })

  // Catches: the mark left in the text, or a file of Notepad refused for its zero bytes.
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('reads UTF-16 (big endian: %s, with mark: %s)', (bigEndian, mark) => {
    const text = '第一行 first line\n第二行的文字。'
    expect(decodeText(utf16(text, bigEndian, mark))).toBe(text)
  })

  it('reads UTF-8, with and without its mark, and an emoji', () => {
    expect(decodeText(new TextEncoder().encode('\uFEFF羊驼🦙'))).toBe('羊驼🦙')
    expect(decodeText(new TextEncoder().encode('羊驼🦙'))).toBe('羊驼🦙')
  })

  // Catches: an archive or a picture attached as text because some encoding takes any byte.
  it('refuses what is no text', () => {
    const zip = Uint8Array.from(Buffer.from('504b0304140000000800b5a1d258', 'hex'))
    const png = Uint8Array.from(Buffer.from('89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff61', 'hex'))
    let state = 1
    const noise = Uint8Array.from({ length: 4096 }, () => (state = (state * 48271) % 2147483647) & 0xff)
    for (const bytes of [zip, png, noise]) expect(decodeText(bytes)).toBeNull()
  })
})
