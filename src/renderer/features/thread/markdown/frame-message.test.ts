import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFrameMessage } from './frame-message.ts'

// Bug: a frame makes itself as tall as it likes, or passes on what nobody has looked at.
test('takes bounded sizes, sentences and pictures, and nothing else', () => {
  expect(toFrameMessage({ type: 'drawn', heightPx: 1e9, onload: 'x' })).toEqual({ type: 'drawn', heightPx: 640 })
  expect(toFrameMessage({ type: 'drawn', heightPx: -1 })).toEqual({ type: 'drawn', heightPx: 40 })
  expect(toFrameMessage({ type: 'failed', why: 'x'.repeat(9_999) })).toEqual({ type: 'failed', why: 'x'.repeat(500) })
  for (const data of [null, 'drawn', { type: 'drawn', heightPx: 'auto' }, { type: 'drawn', heightPx: NaN }, { type: 'go' }]) {
    expect(toFrameMessage(data)).toBeNull()
  }
  fc.assert(
    fc.property(fc.anything(), (data) => {
      const message = toFrameMessage(data)
      expect(message === null || ['ready', 'drawn', 'failed', 'svg'].includes(message.type)).toBe(true)
    }),
  )
})
