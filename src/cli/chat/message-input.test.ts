import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MessageInput } from './message-input.ts'

function type(...lines: string[]): (string | null)[] {
  const input = new MessageInput()
  return lines.map((line) => input.add(line))
}

// A message that is sent before it is complete, or never.
test.each<[string[], (string | null)[]]>([
  [['你好'], ['你好']],
  [[''], ['']],
  [['一\\', '二'], [null, '一\n二']],
  [['"""', '一', '', '二', '"""', '三'], [null, null, null, null, '一\n\n二', '三']],
  [['"""一', '二"""'], [null, '一\n二']],
  [['"""一行"""'], ['一行']],
  [['""""""'], ['']],
  [['"""', '路径 C:\\', '"""'], [null, null, '路径 C:\\']],
  [['说 """ 的人'], ['说 """ 的人']],
])('%j', (lines, messages) => {
  expect(type(...lines)).toEqual(messages)
})

test('whatever is put between the marks is the message', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]|"""\s*$/.test(text))
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const first = lines.findIndex((one) => one !== '')
      expect(type('"""', ...lines, '"""').at(-1)).toBe(first < 0 ? '' : lines.slice(first).join('\n'))
    }),
  )
})
