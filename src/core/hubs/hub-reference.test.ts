import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRepositoryName, isRevision, isSafePath } from './hub-names.ts'
import { parseReference } from './hub-reference.ts'

const endpoints = [
  { id: 'hugging-face' as const, endpoint: 'https://huggingface.co' },
  { id: 'custom' as const, endpoint: 'http://hub.intra:8080/hf' },
]
const parse = (text: string) => parseReference(text, endpoints)
const nothing = { sourceId: null, revision: null, path: null, quantization: null }

test.each([
  ['hfl/llama-3-gguf', { repository: 'hfl/llama-3-gguf' }],
  ['  hfl/llama-3-gguf:Q4_K_M ', { repository: 'hfl/llama-3-gguf', quantization: 'Q4_K_M' }],
  ['hfl/a/ggml-model-q4_k-im.gguf', { repository: 'hfl/a', path: 'ggml-model-q4_k-im.gguf' }],
  ['hfl/a/Q4/x.GGUF', { repository: 'hfl/a', path: 'Q4/x.GGUF' }],
  ['https://huggingface.co/hfl/a', { sourceId: 'hugging-face', repository: 'hfl/a' }],
  ['huggingface.co/hfl/a/', { sourceId: 'hugging-face', repository: 'hfl/a' }],
  ['hf.co/hfl/a:q8_0', { sourceId: 'hugging-face', repository: 'hfl/a', quantization: 'q8_0' }],
  [
    'https://huggingface.co/hfl/a/blob/main/x%20y.gguf#top',
    { sourceId: 'hugging-face', repository: 'hfl/a', revision: 'main', path: 'x y.gguf' },
  ],
  [
    'https://hf-mirror.com/hfl/a/resolve/refs%2Fpr%2F1/子/x.gguf?download=true',
    { sourceId: 'hf-mirror', repository: 'hfl/a', revision: 'refs/pr/1', path: '子/x.gguf' },
  ],
  ['https://huggingface.co/hfl/a/tree/main', { sourceId: 'hugging-face', repository: 'hfl/a', revision: 'main' }],
  [
    'https://huggingface.co/hfl/a?show_file_info=x.gguf',
    { sourceId: 'hugging-face', repository: 'hfl/a', path: 'x.gguf' },
  ],
  ['https://modelscope.cn/models/M/a', { sourceId: 'modelscope', repository: 'M/a' }],
  ['https://www.modelscope.cn/models/M/a/files', { sourceId: 'modelscope', repository: 'M/a' }],
  [
    'https://modelscope.cn/models/M/a/file/view/master/x.gguf?status=2',
    { sourceId: 'modelscope', repository: 'M/a', revision: 'master', path: 'x.gguf' },
  ],
  [
    'https://modelscope.cn/models/M/a/resolve/master/x.gguf',
    { sourceId: 'modelscope', repository: 'M/a', revision: 'master', path: 'x.gguf' },
  ],
  [
    'https://modelscope.cn/api/v1/models/M/a/repo?Revision=v1&FilePath=b%2Fx.gguf',
    { sourceId: 'modelscope', repository: 'M/a', revision: 'v1', path: 'b/x.gguf' },
  ],
  [
    'http://hub.intra:8080/hf/o/r/blob/main/x.gguf',
    { sourceId: 'custom', repository: 'o/r', revision: 'main', path: 'x.gguf' },
  ],
])('%s', (text, expected) => expect(parse(text)).toEqual({ ...nothing, ...expected }))

test.each([
  '',
  'llama',
  'https://example.com/hfl/a',
  'https://huggingface.co.evil.com/hfl/a',
  'https://huggingface.co@evil.com/hfl/a',
  'https://huggingface.co/datasets/hfl/a',
  'https://modelscope.cn/datasets/hfl/a',
  'ftp://huggingface.co/hfl/a',
  'hfl/a/../../etc/passwd',
  'hfl/..',
  '../a',
  '/hfl/a',
  'hfl/a/..\\x.gguf',
  'C:\\models/a',
  'https://huggingface.co/hfl/a/resolve/main/..%2f..%2fx.gguf',
  'https://huggingface.co/hfl/a/resolve/main/%00.gguf',
  'https://huggingface.co/hfl/a/resolve/main/%E0%A4%A.gguf',
])('refuses %s', (text) => expect(parse(text)).toBeNull())

// Bug: a pasted text makes an address of another host, or a path outside of the models folder.
test('whatever is pasted, only safe names come out', () => {
  const piece = fc.oneof(
    fc.constantFrom('..', '.', '/', '\\', ':', '%2e%2e', '%2f', '%00', 'hfl/', 'a', '\u0000', '　'),
    fc.constantFrom('https://huggingface.co/', 'resolve/main/', 'modelscope.cn/models/', 'blob/'),
    fc.constantFrom('?FilePath=', 'api/v1/models/', '@', '#'),
    fc.string({ maxLength: 6, unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const reference = parse(pieces.join(''))
      if (!reference) return
      expect(isRepositoryName(reference.repository)).toBe(true)
      expect(reference.repository.split('/')).toHaveLength(2)
      for (const name of [reference.repository, reference.revision ?? 'x', reference.path ?? 'x']) {
        const url = new URL(`/x/${name.split('/').map(encodeURIComponent).join('/')}`, 'https://hub.test')
        expect(url.host).toBe('hub.test')
        expect(url.pathname.split('/')).toHaveLength(name.split('/').length + 2)
      }
      if (reference.revision) expect(isRevision(reference.revision)).toBe(true)
      if (reference.path) expect(isSafePath(reference.path)).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test('a publisher and a repository with any usual name come out as they were', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9甲羊][A-Za-z0-9._甲羊-]{0,30}[A-Za-z0-9]$/)
  fc.assert(
    fc.property(name, name, (owner, repo) => {
      expect(parse(`${owner}/${repo}`)?.repository).toBe(`${owner}/${repo}`)
    }),
  )
})

const unsafe = ['a/../b.gguf', '/a.gguf', 'a//b.gguf', './a.gguf', 'a\\b.gguf', 'C:/a.gguf', 'a\n.gguf', '.. /a', 'a/ ']
test.each(unsafe)('the path %j is not safe', (path) => expect(isSafePath(path)).toBe(false))
test.each(['a.gguf', '子 目录/模型　一.gguf', 'Q4_K_M/x-00001-of-00002.gguf', 'a..b/#1 100%.gguf'])(
  'the path %j is safe',
  (path) => expect(isSafePath(path)).toBe(true),
)
