import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseModelfile, printModelfile, type Instruction, type ModelfileCommand } from './modelfile.ts'
import { phase3Modelfile } from './modelfile.fixture.ts'

const command = (instruction: Instruction, text: string, key = ''): ModelfileCommand => ({ instruction, key, text })

// Catches a tutorial's file that is refused, or of which a stop text or a line break is lost.
it('reads the Modelfile of Chinese-LLaMA-Alpaca-3', () => {
  const commands = parseModelfile(phase3Modelfile)
  const template =
    '{{ if .System }}<|start_header_id|>system<|end_header_id|>\n\n{{ .System }}<|eot_id|>{{ end }}' +
    '{{ if .Prompt }}<|start_header_id|>user<|end_header_id|>\n\n{{ .Prompt }}<|eot_id|>{{ end }}' +
    '<|start_header_id|>assistant<|end_header_id|>\n\n{{ .Response }}<|eot_id|>'
  expect(commands).toEqual([
    command('from', '/your-path-to-ggml/ggml-model-q8_0.gguf'),
    command('template', template),
    command('system', 'You are a helpful assistant. 你是一个乐于助人的助手。'),
    command('parameter', '0.2', 'temperature'),
    command('parameter', '24', 'num_keep'),
    command('parameter', '<|start_header_id|>', 'stop'),
    command('parameter', '<|end_header_id|>', 'stop'),
    command('parameter', '<|eot_id|>', 'stop'),
  ])
})

it('reads comments, quotes, blank lines, Windows line ends and any case', () => {
  const source =
    '\uFEFF# 注释\r\n\r\nfrom  llama3 \r\n  Parameter stop "### 问:"\r\nPARAMETER stop "a"b"\r\n' +
    'Message user "你\r\n好"\r\nSYSTEM # 不是注释\r\nLICENSE """\r\nMIT\r\n"""'
  expect(parseModelfile(source)).toEqual([
    command('from', 'llama3'),
    command('parameter', '### 问:', 'stop'),
    command('parameter', 'a"b', 'stop'),
    command('message', '你\n好', 'user'),
    command('system', '# 不是注释'),
    command('license', '\nMIT\n'),
  ])
})

// Catches a mistyped file that makes a model with half of what it says.
it('says in which line it is wrong', () => {
  expect(() => parseModelfile('FROM a\n\nTEMPLAT x')).toThrow('line 3')
  expect(() => parseModelfile('FROM a\nPARAMETER stop')).toThrow('line 2')
  expect(() => parseModelfile('FROM a\nSYSTEM """\nno end')).toThrow('line 2: a quote is not closed')
  expect(() => parseModelfile('FROM')).toThrow('line 1')
})

it('reads what it prints', () => {
  const text = fc
    .string({ unit: fc.constantFrom('"', '\n', ' ', '#', "'", 'a', '羊', '{', '\t') })
    .filter((one) => !one.includes('"""') && !(one.endsWith('"') && one.includes('\n')))
  const plain = fc.constantFrom<Instruction>('from', 'template', 'system', 'adapter', 'license')
  const anyCommand = fc.oneof(
    fc.record({ instruction: plain, key: fc.constant(''), text }),
    fc.record({ instruction: fc.constant<Instruction>('parameter'), key: fc.constantFrom('stop', 'num_ctx'), text }),
    fc.record({ instruction: fc.constant<Instruction>('message'), key: fc.constantFrom('user', 'assistant'), text }),
  )
  fc.assert(
    fc.property(fc.array(anyCommand), (commands) => {
      expect(parseModelfile(printModelfile(commands))).toEqual(commands)
    }),
    { numRuns: 1000 },
  )
})
