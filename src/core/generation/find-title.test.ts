import fc from 'fast-check'
import { expect, test } from 'vitest'
import { titleFromModel } from './find-title.ts'

const question = '介绍一下羊驼吧'
const answer = '羊驼是一种家畜，原产于南美洲。'

test('takes the line that the model wrote, without quotes, labels and full stops', () => {
  const title = (written: string) => titleFromModel(written, 'end', question, answer)
  const dressed = [' 《羊驼简介》。', '标题：羊驼简介', '**羊驼简介**\n\n这个标题……', '# 羊驼简介', '<think>想\n想</think>\n\n“羊驼简介”']
  for (const written of ['羊驼简介', ...dressed]) expect(title(written)).toBe('羊驼简介')
  expect(titleFromModel('"Alpacas of Peru."', 'end', 'What is an alpaca', 'An animal.')).toBe('Alpacas of Peru')
})

// Bug: a model that only knows its own dialogues gives a chat a nonsensical title.
test('refuses what is no title', () => {
  const refused = [
    '',
    question,
    '介绍一下羊驼吧。',
    '羊驼是一种家畜',
    'About alpacas',
    '你好！我是羊驼，很高兴认识你。',
    '<|eot_id|>羊驼',
    '### 标题',
    '<think>还在想',
    '羊驼'.repeat(21),
  ]
  for (const written of refused) expect(titleFromModel(written, 'end', question, answer), written).toBeNull()
  expect(titleFromModel('羊驼简介', 'max-tokens', question, answer)).toBeNull()
  expect(titleFromModel('羊驼简介', 'stopped', question, answer)).toBeNull()
})

test('is one line of at most 40 characters, whatever the model writes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.string(), (written, asked) => {
      const title = titleFromModel(written, 'end', asked, '')
      if (title !== null) expect(title).toMatch(/^\S(.{0,78}\S)?$/u)
    }),
  )
})
