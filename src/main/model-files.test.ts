import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { modelFilesIn } from './model-files.ts'

test('only GGUF files are taken from a command line, relative to where it was typed', () => {
  const argv = ['/opt/Yangtuo/yangtuo', '--no-sandbox', '.', '--model=x.gguf', '模型 一.GGUF', '/abs/b.gguf', 'notes.txt']
  expect(modelFilesIn(argv, '/home/me')).toEqual([resolve('/home/me/模型 一.GGUF'), resolve('/abs/b.gguf')])
})
