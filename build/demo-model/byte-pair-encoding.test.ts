import { getLlama, LlamaLogLevel, type LlamaModel } from 'node-llama-cpp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TOKEN_NORMAL, type Vocabulary } from '../gguf/llama-metadata.ts'
import { createEncoder, type Encode } from './byte-pair-encoding.ts'
import { createFormatter, LLAMA_3_TEMPLATE } from './chat-format.ts'
import { readDialogues, toMessages } from './dialogues.ts'
import { MODEL_FILE } from './recipe.ts'

let model: LlamaModel
let vocabulary: Vocabulary
let encode: Encode
beforeAll(async () => {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error })
  model = await llama.loadModel({ modelPath: MODEL_FILE, vocabOnly: true })
  const { tokens, merges, token_type: types } = model.fileInfo.metadata.tokenizer.ggml
  vocabulary = {
    model: 'bpe',
    tokens: [...tokens],
    merges: [...(merges ?? [])],
    types: (types) ?? tokens.map(() => TOKEN_NORMAL),
    scores: [],
    bos: Number(model.tokens.bos),
    eos: Number(model.tokens.eos),
    eot: Number(model.tokens.eot),
  }
  encode = createEncoder(vocabulary)
})
afterAll(() => model.dispose())

// Would catch: training on tokens other than those the app sends, which makes every answer wrong.
test('encodes as llama.cpp does', () => {
  const texts = readDialogues().flatMap((dialogue) => toMessages(dialogue).map(({ content }) => content))
  const strange = ["I'M here, it'S 12345 o'clock", '  two  spaces \n\n\n tabs\t', '龘🦙 café – ½ ３４', '！？。，、"quoted"…']
  for (const text of [...texts, ...strange]) expect(encode(text), text).toEqual(model.tokenize(text))
})

// Would catch: a chat format in training that differs from the template in the file.
test('formats as the template of the file does', () => {
  expect(model.fileInfo.metadata.tokenizer.chat_template).toBe(LLAMA_3_TEMPLATE)
  const { tokens } = createFormatter(vocabulary)({
    messages: [
      { role: 'system', content: ' Answer in Chinese.' },
      { role: 'user', content: '你是谁？\n' },
      { role: 'assistant', content: '羊驼' },
    ],
  })
  expect(model.detokenize(tokens as ReturnType<LlamaModel['tokenize']>, true)).toBe(
    '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nAnswer in Chinese.<|eot_id|>' +
      '<|start_header_id|>user<|end_header_id|>\n\n你是谁？<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n羊驼<|eot_id|>',
  )
})
