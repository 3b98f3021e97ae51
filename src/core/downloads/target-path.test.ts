import { join, resolve, sep } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { targetDirectory, targetPath } from './target-path.ts'

const models = resolve('/models')
const file = (path: string) => ({ path, sizeBytes: 1, sha256: null })
const targetOf = (repository: string, path: string) =>
  targetPath(targetDirectory(models, repository, [file(path)]), file(path))

// Bug: a hub writes over files of the person, or a device of Windows is opened.
test.each([
  '../evil.gguf',
  '../../../.ssh/evil.gguf',
  'a/../../../evil.gguf',
  '/etc/evil.gguf',
  'C:/evil.gguf',
  'C:evil.gguf',
  '..\\..\\evil.gguf',
  'a/..\\evil.gguf',
  '\\\\server\\share\\evil.gguf',
  'a//evil.gguf',
  './evil.gguf',
  '.. /evil.gguf',
  'nul.gguf',
  'COM1.gguf',
  'aux/evil.gguf',
  'con.txt/evil.gguf',
  'evil.gguf:stream.gguf',
  'evil\0.gguf',
  'evil\n.gguf',
  'evil\u202efugg.gguf',
  'model.gguf.part.json',
  '.bashrc',
  `${'长'.repeat(100)}.gguf`,
])('refuses %j', (path) => {
  expect(() => targetOf('owner/repository', path)).toThrow(/HUB_FAILED/)
})

const evilRepositories = ['..', '../..', '../evil', '/etc', 'a/../..', 'C:/x', 'nul/x', 'a\\..\\b/x']
test.each(evilRepositories)('refuses the repository %j', (name) => {
  expect(() => targetOf(name, 'model.gguf')).toThrow(/HUB_FAILED/)
})

test('keeps Chinese names, spaces and folders', () => {
  expect(targetOf('羊驼/模型　一 GGUF', '量化 Q4/模型　甲-00001-of-00002.gguf')).toBe(
    join(models, '羊驼/模型　一 GGUF/量化 Q4/模型　甲-00001-of-00002.gguf'),
  )
})

test('whatever the names, the target is inside the models folder', () => {
  const part = fc.oneof(fc.constantFrom('..', '.', '', '/', '\\', 'C:', '~', '%2e%2e'), fc.string())
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `${parts.join('/')}.gguf`)
  fc.assert(
    fc.property(path, path, (repository, name) => {
      try {
        expect(resolve(targetOf(repository, name)).startsWith(models + sep)).toBe(true)
      } catch (error) {
        expect(String(error)).toContain('HUB_FAILED')
      }
    }),
  )
})
