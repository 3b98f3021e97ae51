import { expect, test, vi } from 'vitest'
import type { PromptMessage } from '../engine/messages.ts'
import { chooseChatTemplate, type TemplateVocabulary } from './chat-templates.ts'

const conversation: PromptMessage[] = [
  { role: 'system', text: 'Be brief.' },
  { role: 'user', text: '你好' },
  { role: 'assistant', text: '你好！' },
  { role: 'user', text: 'Who are you?' },
]

function vocabulary(tokens: string[], size = 32000): TemplateVocabulary {
  return { size, hasToken: (text) => tokens.includes(text), bosText: '<s>', eosText: '</s>' }
}

test.each([
  {
    name: 'llama-3-instruct',
    vocabulary: vocabulary(['<|start_header_id|>', '<|im_start|>'], 128256),
    prompt:
      '<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>' +
      '<|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n你好！<|eot_id|>' +
      '<|start_header_id|>user<|end_header_id|>\n\nWho are you?<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n',
  },
  {
    name: 'chatml',
    vocabulary: vocabulary(['<|im_start|>']),
    prompt:
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n你好<|im_end|>\n' +
      '<|im_start|>assistant\n你好！<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n',
  },
  {
    name: 'alpaca-2',
    vocabulary: vocabulary([], 55296),
    prompt:
      '[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n你好 [/INST] 你好！</s><s>[INST] Who are you? [/INST]',
  },
  {
    name: 'alpaca',
    vocabulary: vocabulary([]),
    prompt:
      'Be brief.\n\n### Instruction:\n\n你好\n\n### Response:\n\n你好！' +
      '\n\n### Instruction:\n\nWho are you?\n\n### Response:\n\n',
  },
])('a file without template gets the $name template of its vocabulary', ({ name, vocabulary, prompt }) => {
  const template = chooseChatTemplate(null, vocabulary)
  expect(template.name).toBe(name)
  expect(template.render(conversation)).toBe(prompt)
})

test.each([
  [
    'shareai-v1',
    '<<SYS>>\nBe brief.\n<</SYS>>\n\n' +
      '<|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n你好！<|end_of_text|>\n' +
      '<|start_header_id|>user<|end_header_id|>\n\nWho are you?<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n',
  ],
  [
    'shareai-instruct',
    '<<SYS>>\nBe brief.\n<</SYS>>\n\n' +
      '<|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n你好！<|eot_id|>' +
      '<|start_header_id|>user<|end_header_id|>\n\nWho are you?<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n',
  ],
  [
    'gemma',
    '<start_of_turn>user\nBe brief.\n\n你好<end_of_turn>\n<start_of_turn>model\n你好！<end_of_turn>\n' +
      '<start_of_turn>user\nWho are you?<end_of_turn>\n<start_of_turn>model\n',
  ],
] as const)("a chosen family goes before the file's own template: %s", (family, prompt) => {
  const template = chooseChatTemplate('{{ messages[0].content }}', vocabulary([]), { type: 'family', family })
  expect(template.name).toBe(family)
  expect(template.render(conversation)).toBe(prompt)
})

test("a person's Jinja goes before the file's, and is named", () => {
  const choice = { type: 'jinja', source: '{{ bos_token }}{{ messages[3].content }}' } as const
  const template = chooseChatTemplate('{{ messages[0].content }}', vocabulary([]), choice)
  expect(template.name).toBe('custom')
  expect(template.render(conversation)).toBe('<s>Who are you?')
})

test('the Alpaca families put their own system sentence where the chat has none', () => {
  const question = conversation.slice(3)
  const prompt = chooseChatTemplate(null, vocabulary([])).render(question)
  expect(prompt).toMatch(/^Below is an instruction .+ request\.\n\n### Instruction:\n\nWho/)
  expect(chooseChatTemplate(null, vocabulary([], 55296)).render(question)).toContain(
    '<<SYS>>\nYou are a helpful assistant. 你是一个乐于助人的助手。\n<</SYS>>\n\nWho are you? [/INST]',
  )
})

test("the file's template is rendered with its tokens, and optional parts left out", () => {
  const jinja =
    '{{ bos_token }}{% if tools is not none %}TOOLS{% endif %}' +
    "{% for message in messages %}[{{ message['role'] }}]{{ message['content'] | trim }}{{ eos_token }}{% endfor %}" +
    '{% if add_generation_prompt %}[assistant]{% endif %}'
  const template = chooseChatTemplate(jinja, vocabulary(['<|im_start|>']))
  expect(template.name).toBe('file')
  expect(template.render(conversation.slice(0, 2))).toBe('<s>[system]Be brief.</s>[user]你好</s>[assistant]')
})

test('a template that refuses system messages gets the system text in the first message', () => {
  const jinja =
    "{% for message in messages %}{% if message.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" +
    '<{{ message.role }}>{{ message.content }}{% endfor %}'
  const template = chooseChatTemplate(jinja, vocabulary([]))
  expect(template.render(conversation)).toBe('<user>Be brief.\n\n你好<assistant>你好！<user>Who are you?')
})

test.each([
  ['raises', "{{ raise_exception('roles must alternate') }}", 'roles must alternate'],
  ['cannot be parsed', '{% for %}', ''],
])('a template that %s fails with TEMPLATE_FAILED', (_, jinja, detail) => {
  const template = chooseChatTemplate(jinja, vocabulary([]))
  expect(() => template.render(conversation)).toThrow(
    expect.objectContaining({ code: 'TEMPLATE_FAILED', data: { detail: expect.stringContaining(detail) } }),
  )
})

test('dates in a template are English on a Chinese system', () => {
  vi.useFakeTimers({ now: new Date(2024, 6, 26) })
  const template = chooseChatTemplate("{{ strftime_now('%d %b %Y') }}", vocabulary([]))
  expect(template.render(conversation)).toBe('26 Jul 2024')
  vi.useRealTimers()
})
