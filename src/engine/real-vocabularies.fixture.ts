/**
 * Files of llama.cpp's source, which comes inside the node-llama-cpp package: the vocabularies of real models
 * without their weights, and the templates they are published with. Taken out once and kept in the folder for
 * temporary files.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const bundle = resolve(import.meta.dirname, '../../node_modules/node-llama-cpp/llama/gitRelease.bundle')
const cache = join(tmpdir(), `yangtuo-llama-source-${statSync(bundle).size}`)

/** The path of a vocabulary: `llama-bpe` is Llama 3's, `llama-spm` Llama 2's. */
export function vocabularyPath(name: 'llama-bpe' | 'llama-spm' | 'qwen2'): string {
  return fileOfSource(`models/ggml-vocab-${name}.gguf`)
}

/** The Jinja template of a model, such as `google-gemma-2-2b-it`. */
export function publishedTemplate(name: string): string {
  return readFileSync(fileOfSource(`models/templates/${name}.jinja`), 'utf8')
}

function fileOfSource(path: string): string {
  const target = join(cache, path)
  if (existsSync(target)) return target
  mkdirSync(dirname(target), { recursive: true })
  const scratch = mkdtempSync(join(cache, 'part-'))
  execFileSync('git', ['clone', '--quiet', '--bare', bundle, join(scratch, 'git')])
  const content = execFileSync('git', ['-C', join(scratch, 'git'), 'show', `HEAD:${path}`], { maxBuffer: 2 ** 27 })
  writeFileSync(join(scratch, 'file'), content)
  renameSync(join(scratch, 'file'), target)
  rmSync(scratch, { recursive: true })
  return target
}
