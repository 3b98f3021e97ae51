import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PromptMessage } from '../../../shared/engine/messages.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { chooseChatTemplate } from '../../../shared/lib/chat-templates.ts'
import { goTemplateToJinja } from './go-template-to-jinja.ts'
import { phase3Modelfile } from './modelfile.fixture.ts'
import { parseModelfile, textOfCommand } from './modelfile.ts'

const vocabulary = { size: 128_256, hasToken: () => false, bosText: '', eosText: '' }

function render(template: string, messages: PromptMessage[]): string {
  const source = goTemplateToJinja(template)
  return chooseChatTemplate(null, vocabulary, { type: 'jinja', source }).render(messages)
}

const system = (text: string): PromptMessage => ({ role: 'system', text })
const user = (text: string): PromptMessage => ({ role: 'user', text })
const assistant = (text: string): PromptMessage => ({ role: 'assistant', text })

const oneTurn = [user('你好')]
const threeTurns = [system('你是助手。'), user('你好'), assistant('你好！'), user('天气如何？'), assistant('晴。'), user('谢谢')]

function refusal(template: string): unknown {
  try {
    return goTemplateToJinja(template)
  } catch (error) {
    return error instanceof AppFailure ? (error.data as { detail: string }).detail : error
  }
}

describe('templates of one turn, as older Modelfiles have them', () => {
  // Catches any difference between a model made by the tutorial's Modelfile and the family's own template: one
  // token more or less between the turns and the model answers worse.
  it('makes of the Chinese-LLaMA-Alpaca-3 Modelfile what the family template makes', () => {
    const template = textOfCommand(parseModelfile(phase3Modelfile), 'template')!
    const family = chooseChatTemplate(null, vocabulary, { type: 'family', family: 'llama-3-instruct' })
    for (const messages of [oneTurn, [system('S'), ...oneTurn], threeTurns, threeTurns.slice(1)]) {
      expect(render(template, messages)).toBe(family.render(messages))
    }
  })

  // Catches a system prompt that is repeated in each turn, or lost after the first.
  it('says the system prompt once', () => {
    const alpaca =
      '{{ if .System }}{{ .System }}\n\n{{ end }}' +
      '{{ if .Prompt }}### Instruction:\n{{ .Prompt }}\n\n{{ end }}### Response:\n'
    expect(render(alpaca, [system('S'), user('A'), assistant('B'), user('C')])).toBe(
      'S\n\n### Instruction:\nA\n\n### Response:\nB### Instruction:\nC\n\n### Response:\n',
    )
  })

  // Catches Llama 2's form, in which the text after `.Response` opens the next turn, being written at the end.
  it('ends at .Response', () => {
    const llama2 =
      '[INST] {{ if .System }}<<SYS>>\n{{ .System }}\n<</SYS>>\n\n{{ end }}' +
      '{{ .Prompt }} [/INST] {{ .Response }}</s><s>'
    expect(render(llama2, [system('S'), user('A'), assistant('B'), user('C')])).toBe(
      '[INST] <<SYS>>\nS\n<</SYS>>\n\nA [/INST] B</s><s>[INST] C [/INST] ',
    )
  })

  it('takes a template without .Response as one that ends with it', () => {
    expect(render('<|user|>{{ .Prompt }}<|assistant|>', [user('A'), assistant('B'), user('C')])).toBe(
      '<|user|>A<|assistant|>B<|user|>C<|assistant|>',
    )
  })

  it('joins neighbouring messages of one role', () => {
    const messages = [system('1'), system('2'), user('a'), user('b')]
    expect(render('{{ .System }}|{{ .Prompt }}|', messages)).toBe('1\n\n2|a\n\nb|')
  })
})

describe('templates of all messages', () => {
  // Catches trim markers read the wrong way, and variables that lose their value at the end of a loop.
  it('keeps a variable over a loop, and skips with continue', () => {
    const gemma = `{{- $system := "" }}
{{- range .Messages }}
{{- if eq .Role "system" }}
{{- if $system }}{{ $system = printf "%s\\n\\n%s" $system .Content }}
{{- else }}{{ $system = .Content }}
{{- end }}
{{- continue }}
{{- end }}<start_of_turn>{{ if eq .Role "assistant" }}model{{ else }}user{{ end }}
{{ if $system }}{{ $system }}

{{ $system = "" }}{{ end }}{{ .Content }}<end_of_turn>
{{ end }}<start_of_turn>model
`
    const family = chooseChatTemplate(null, vocabulary, { type: 'family', family: 'gemma' })
    for (const messages of [oneTurn, threeTurns]) expect(render(gemma, messages)).toBe(family.render(messages))
  })

  // Catches parts about tools (which our engine never fills in) that refuse a template every newer model has.
  it('leaves out what depends on tools, whatever it says', () => {
    const qwen = `{{- if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>
{{- else if .Messages }}
{{- if or .System .Tools }}<|im_start|>system
{{- if .System }}
{{ .System }}
{{- end }}
{{- if .Tools }}

# Tools
{{- range .Tools }}
{"type": "function", "function": {{ .Function | json }}}
{{- end }}
{{- end }}<|im_end|>
{{ end }}
{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 -}}
{{- if eq .Role "user" }}<|im_start|>user
{{ .Content }}<|im_end|>
{{ else if eq .Role "assistant" }}<|im_start|>assistant
{{ if .Content }}{{ .Content }}
{{- else if .ToolCalls }}<tool_call>
{{ range .ToolCalls }}{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}
{{ end }}</tool_call>
{{- end }}{{ if not $last }}<|im_end|>
{{ end }}
{{- else if eq .Role "tool" }}<|im_start|>user
<tool_response>
{{ .Content }}
</tool_response><|im_end|>
{{ end }}
{{- if and (ne .Role "assistant") $last }}<|im_start|>assistant
{{ end }}
{{- end }}
{{- else }}
{{- if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{ if .Prompt }}<|im_start|>user
{{ .Prompt }}<|im_end|>
{{ end }}<|im_start|>assistant
{{ end }}{{ .Response }}{{ if .Response }}<|im_end|>{{ end }}`
    const family = chooseChatTemplate(null, vocabulary, { type: 'family', family: 'chatml' })
    for (const messages of [oneTurn, threeTurns]) expect(render(qwen, messages)).toBe(family.render(messages))
  })

  it('renders Llama 3 and Alpaca', () => {
    const llama3 = `{{- range .Messages }}<|start_header_id|>{{ .Role }}<|end_header_id|>

{{ .Content }}<|eot_id|>
{{- end }}<|start_header_id|>assistant<|end_header_id|>

`
    const family = chooseChatTemplate(null, vocabulary, { type: 'family', family: 'llama-3-instruct' })
    expect(render(llama3, threeTurns)).toBe(family.render(threeTurns))
    const alpaca = `{{- with .System }}{{ . }}

{{ end }}{{ range $m := .Messages }}{{ if eq $m.Role "user" }}### Instruction:
{{ $m.Content }}

{{ else if eq $m.Role "assistant" }}### Response:
{{ $m.Content }}

{{ end }}{{ end }}### Response:
`
    expect(render(alpaca, [system('S'), user('A'), assistant('B'), user('C')])).toBe(
      'S\n\n### Instruction:\nA\n\n### Response:\nB\n\n### Instruction:\nC\n\n### Response:\n',
    )
  })

  it('breaks, indexes, counts and compares', () => {
    const template =
      '{{ range $i, $m := .Messages }}{{ $i }}{{ $m.Content }}{{ if ge $i 1 }}!{{ break }}{{ end }}, {{ end }}' +
      '{{ (index .Messages 0).Content }} of {{ len .Messages }}' +
      '{{ if or (gt (len .Messages) 9) (eq 1 2 1) }} x{{ end }}' +
      '{{/* nothing */}}{{ `raw` | printf "%s%%" }}'
    expect(render(template, [user('a'), assistant('b'), user('c')])).toBe('0a, 1b!a of 3 xraw%')
  })
})

// Catches text of a template that Jinja would read as a tag, trim, or unescape.
it('writes any text as it stands', () => {
  const text = fc.string({ unit: fc.constantFrom('{', '}', '%', '#', '-', '\n', ' ', '\\', '"', "'", 'a', '羊', '\r') })
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(!before.includes('{{') && !before.endsWith('{') && !after.includes('{{') && !after.endsWith('{'))
      expect(render(`${before}{{ .Prompt }}${after}`, [user('?')])).toBe(`${before}?${after}`)
    }),
    { numRuns: 500 },
  )
})

// Catches a template that is cut short or misread being taken for a good one.
it('refuses what it does not understand, by its name', () => {
  expect(refusal('{{ .Prompt | toTypeScriptType }}')).toBe('the function toTypeScriptType is not supported')
  expect(refusal('{{ range .Messages }}{{ .Name }}{{ end }}')).toBe('.Name is not supported')
  expect(refusal('{{ define "x" }}{{ end }}{{ .Prompt }}')).toBe('{{define}} is not supported')
  expect(refusal('{{ if .System }}{{ .Prompt }}')).toBe('{{if}} without {{end}}')
  expect(refusal('{{ .Prompt }}{{ end }}')).toBe('unexpected {{end}}')
  expect(refusal('{{ $x }}{{ .Prompt }}')).toBe('undefined variable $x')
  expect(refusal('{{ .Prompt')).toContain('not understood')
  expect(refusal('{{ range .System }}{{ end }}{{ .Prompt }}')).toContain('{{range}}')
  expect(refusal('{{ continue }}{{ .Prompt }}')).toBe('{{continue}} outside of {{range}}')
})

// Catches any other exception than a refusal, which would be answered as a fault of the server.
it('translates or refuses whatever is sent', () => {
  const pieces = '{{ }} {{- -}} if end else range .Messages . $ $x := | ( ) eq " .Role not 1 text `'.split(' ')
  const piece = fc.constantFrom(...pieces, ' ', 'if ', 'range ', 'end }}')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const template = pieces.join('')
      expect(typeof refusal(template)).toBe('string')
    }),
    { numRuns: 3000 },
  )
})
