import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createControlTextGuard } from './control-texts.ts'

const controlTexts = ['<s>', '</s>', '<|eot_id|>', '<|eot_id|>x', '<|', '\u{10FFFF}']
const guard = createControlTextGuard(controlTexts)
const word = fc.constantFrom(...controlTexts, '\uE0C7', '\uE0C71\uE0C7', '|>', '0')
const typedText = fc.array(fc.oneof(fc.string({ unit: 'binary' }), word)).map((pieces) => pieces.join(''))

test('a prompt with typed control texts is cut without losing or adding a character', () => {
  fc.assert(
    fc.property(typedText, typedText, (first, second) => {
      const prompt = `<s>${guard.hide(first)}</s>${guard.hide(second)}<|eot_id|>`
      const parts = guard.split(prompt)
      expect(parts.map(({ text }) => text).join('')).toBe(`<s>${first}</s>${second}<|eot_id|>`)
    }),
  )
})

test('outside the typed parts only the template has control texts', () => {
  fc.assert(
    fc.property(typedText, (text) => {
      const template = guard.split(guard.hide(text)).filter(({ typed }) => !typed)
      for (const part of template) for (const controlText of controlTexts) expect(part.text).not.toContain(controlText)
    }),
  )
})

test('the longest control text wins', () => {
  expect(guard.split(guard.hide('a<|eot_id|>xb'))).toEqual([
    { text: 'a', typed: false },
    { text: '<|eot_id|>x', typed: true },
    { text: 'b', typed: false },
  ])
})
