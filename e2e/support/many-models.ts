import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeRandomModel } from '../../build/gguf/random-model.ts'

const digits = 5

/** Path of a folder with that many small models, ten to a repository. Made once and kept in `.cache/`. */
export function manyModels(count: number): string {
  const root = resolve(import.meta.dirname, `../../.cache/models-${count}`)
  if (existsSync(root)) return root
  const part = `${root}.part`
  mkdirSync(part, { recursive: true })
  const pattern = join(part, 'pattern')
  const shape = { dim: 8, layers: 1, heads: 1, context: 512, vocabularySize: 300, vocabulary: 'spm', type: 'f32' } as const
  const name = (number: number) => `模型 ${String(number).padStart(digits, '0')}`
  writeRandomModel(pattern, { ...shape, name: name(0) })
  const bytes = readFileSync(pattern)
  const nameOffset = bytes.indexOf(name(0))
  for (let i = 0; i < count; i++) {
    const repository = Math.floor(i / 10)
    const folder = join(part, `publisher ${Math.floor(repository / 10)}`, `仓库\u3000${repository}`)
    mkdirSync(folder, { recursive: true })
    bytes.write(name(i), nameOffset)
    writeFileSync(join(folder, `${name(i)}.gguf`), bytes)
  }
  renameSync(pattern, join(part, `${name(count)}.bin`))
  renameSync(part, root)
  return root
}
