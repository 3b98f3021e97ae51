import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EditSaver } from './edit-saver.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

// A full disk or a broken connection would lose what was typed after it.
test('what could not be saved is tried again, the newest value only', async () => {
  const save = vi.fn<(value: string) => Promise<void>>().mockRejectedValueOnce(new Error('full'))
  save.mockResolvedValue()
  const onSaved = vi.fn()
  const saver = new EditSaver(save, onSaved)
  saver.change({ value: 'a' })
  await vi.advanceTimersByTimeAsync(500)
  expect(save).toHaveBeenLastCalledWith('a')
  expect(onSaved).not.toHaveBeenCalled()

  const newer = { value: 'ab' }
  saver.change(newer)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(save.mock.calls).toEqual([['a'], ['ab']])
  expect(onSaved.mock.calls).toEqual([[newer]])
})

test('without a newer edit, the failed one itself is tried again', async () => {
  const save = vi.fn<(value: string) => Promise<void>>().mockRejectedValueOnce(new Error('full'))
  save.mockResolvedValue()
  const saver = new EditSaver(save, () => {})
  saver.change({ value: 'a' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(save.mock.calls).toEqual([['a'], ['a']])
})

test('an old save that fails late does not undo a newer one', async () => {
  let failFirst = () => {}
  const save = vi.fn<(value: string) => Promise<void>>().mockResolvedValue()
  save.mockImplementationOnce(() => new Promise((_, reject) => (failFirst = () => reject(new Error('slow')))))
  const saver = new EditSaver(save, () => {})
  saver.change({ value: 'a' })
  saver.flush()
  saver.change({ value: 'ab' })
  saver.flush()
  failFirst()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(save.mock.calls).toEqual([['a'], ['ab']])
})

// A key a call would flood the host; none at all on leaving would lose the last words.
test('many changes are one save, and flush does not wait', async () => {
  const save = vi.fn(async (_value: string) => {})
  const saver = new EditSaver(save, () => {})
  for (const value of ['a', 'ab', 'abc']) saver.change({ value })
  saver.flush()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(save.mock.calls).toEqual([['abc']])
})
