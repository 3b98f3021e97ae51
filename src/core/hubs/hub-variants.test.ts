import { expect, test } from 'vitest'
import { quantizationOf, variantByQuantization, variantsOf } from './hub-variants.ts'

const files = (...paths: string[]) => paths.map((path, i) => ({ path, sizeBytes: (i + 1) * 10, sha256: null }))

test.each([
  ['ggml-model-q4_k-im.gguf', 'Q4_K'],
  ['ggml-model-q8_0.gguf', 'Q8_0'],
  ['ggml-model-f16.gguf', 'F16'],
  ['Llama3-8B-Chinese-Chat.q3_k_m.GGUF', 'Q3_K_M'],
  ['llama3.1_8b_chinese_chat_q4_k_m-shareAI.gguf', 'Q4_K_M'],
  ['Qwen3-30B-UD-Q4_K_XL.gguf', 'Q4_K_XL'],
  ['x-UD-IQ2_XXS.gguf', 'IQ2_XXS'],
  ['x.i1-IQ4_XS.gguf', 'IQ4_XS'],
  ['model-fp16.gguf', 'F16'],
  ['gpt-oss-20b-MXFP4.gguf', 'MXFP4'],
  ['x-BF16.gguf', 'BF16'],
  ['Q6_K/model-00001-of-00002.gguf', 'Q6_K'],
  ['x-q4_0_8_8.gguf', 'Q4_0_8_8'],
  ['x-f32-to-Q5_K_S.gguf', 'Q5_K_S'],
  ['羊驼-Q4_0.gguf', 'Q4_0'],
  ['llama-3-8b.gguf', ''],
  ['qq4_0x.gguf', ''],
])('%s is %s', (path, quantization) => expect(quantizationOf(path)).toBe(quantization))

test('parts are one variant in the order of the parts, and incomplete ones are left out', () => {
  const [variant, ...others] = variantsOf(
    files('b-Q8_0-00002-of-00002.gguf', 'b-Q8_0-00001-of-00002.gguf', 'c-00001-of-00003.gguf', 'c-00002-of-00003.gguf'),
  )
  expect(others).toEqual([])
  expect(variant).toMatchObject({ name: 'b-Q8_0', quantization: 'Q8_0', sizeBytes: 30, type: 'model' })
  expect(variant!.files.map(({ path }) => path)).toEqual(['b-Q8_0-00001-of-00002.gguf', 'b-Q8_0-00002-of-00002.gguf'])
})

// Bug: two files of the same name in two folders cannot be told apart, so the wrong one is downloaded.
test('names are unique, and say the folder only where they must', () => {
  const names = variantsOf(files('Q4_0/model.gguf', 'Q8_0/model.gguf', 'sub/other.gguf')).map(({ name }) => name)
  expect(names).toEqual(['Q4_0/model', 'Q8_0/model', 'other'])
})

test('projectors, adapters and other data are told from models; unsafe names are left out', () => {
  const variants = variantsOf(
    files(
      ...['mmproj-model-f16.gguf', 'x-lora-f16.gguf', 'imatrix.gguf', 'a-Q4_K_M-imatrix.gguf'],
      ...['../evil-Q4_0.gguf', 'a\\b.gguf', 'README.md'],
    ),
  )
  expect(variants.map(({ name, type, isImatrix }) => [name, type, isImatrix])).toEqual([
    ['mmproj-model-f16', 'projector', false],
    ['x-lora-f16', 'adapter', false],
    ['a-Q4_K_M-imatrix', 'model', true],
  ])
})

test('a typed quantization finds the plain file before the one with an importance matrix', () => {
  const variants = variantsOf(files('ggml-model-q4_k-im.gguf', 'ggml-model-q4_k.gguf', 'mmproj-Q8_0.gguf'))
  expect(variantByQuantization(variants, 'q4_k')?.name).toBe('ggml-model-q4_k')
  expect(variantByQuantization(variants, 'Q4_K_M')?.quantization).toBe('Q4_K')
  expect(variantByQuantization(variants, 'Q8_0')).toBeUndefined()
})
