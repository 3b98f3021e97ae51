import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placeWindow, readWindowState, writeWindowState } from './window-state.ts'

const main = { x: 0, y: 25, width: 1920, height: 1055 }
const left = { x: -1280, y: 0, width: 1280, height: 1024 }

test('a window comes back where it was, on a second display to the left too', () => {
  const saved = { x: -1200, y: 40, width: 1000, height: 700 }
  expect(placeWindow(saved, [main, left])).toEqual(saved)
})

test.each([
  ['a display that was unplugged', { x: -1200, y: 40, width: 1000, height: 700 }],
  ['above the screen, where its title cannot be taken hold of', { x: 100, y: -300, width: 1000, height: 700 }],
  ['below the screen', { x: 100, y: 1079, width: 1000, height: 700 }],
  ['a sliver at the right edge', { x: 1900, y: 100, width: 1000, height: 700 }],
])('a window lost on %s is centred again', (_where, saved) => {
  expect(placeWindow(saved, [main])).toEqual({ x: 320, y: 153, width: 1280, height: 800 })
})

test('sizes are kept between the smallest usable one and the display', () => {
  expect(placeWindow({ x: 0, y: 25, width: 5000, height: 10 }, [main])).toEqual({ x: 0, y: 25, width: 1920, height: 560 })
  const tiny = { x: 0, y: 0, width: 1024, height: 600 }
  expect(placeWindow(null, [tiny])).toEqual(tiny)
})

test('a damaged file counts as none', () => {
  const directory = mkdtempSync(join(tmpdir(), 'yangtuo window '))
  const path = join(directory, 'window-state.json')
  for (const content of ['', '{', '{"bounds":null}', '{"bounds":{"x":"0","y":0,"width":1,"height":1},"isMaximized":false}']) {
    writeFileSync(path, content)
    expect(readWindowState(path)).toBeNull()
  }
  const state = { bounds: { x: 1, y: 2, width: 800, height: 600 }, isMaximized: true }
  writeWindowState(path, state)
  expect(readWindowState(path)).toEqual(state)
  rmSync(directory, { recursive: true })
})
