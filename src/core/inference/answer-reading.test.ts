import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReasoningSplitter, type SplitText } from './reasoning-splitter.ts'
import { ToolCallReader, type ReadPiece } from './tool-call-reader.ts'

type Piece = SplitText | ReadPiece

/** Neighbours of the same kind as one; ids are the same each time. */
function joined(pieces: Piece[]): Piece[] {
  const whole: Piece[] = []
  for (const piece of pieces) {
    const last = whole.at(-1)
    const isMore = last?.type === piece.type && 'text' in last && 'text' in piece
    if (isMore) last.text += piece.text
    else whole.push({ ...piece })
  }
  return whole
}

function read(parts: string[]): Piece[] {
  let id = 0
  const reader = new ToolCallReader(['天气', 'add'], () => `call-${++id}`)
  return joined([...parts.flatMap((part) => reader.push(part)), ...reader.end()])
}

function split(parts: string[], isInside = false): Piece[] {
  const splitter = new ReasoningSplitter(isInside)
  return joined([...parts.flatMap((part) => splitter.push(part)), ...splitter.end()])
}

function cutAt(text: string, places: number[]): string[] {
  const cuts = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length]
  return cuts.slice(1).map((end, index) => text.slice(cuts[index], end))
}

const call = (name: string, json: string) => `<tool_call>\n{"name": "${name}", "arguments": ${json}}\n</tool_call>`
const scraps = [
  ...['<tool_call>', '</tool_call>', '<tool', '{', '}', '"', '\\', '\\"', '[', ']', ',', ':', ' ', '\n', '好', '😀'],
  ...['"name"', '"arguments"', '"parameters"', '"天气"', '"add"', '"other"', '{"name": "add", "arguments": ', '{"a": 1}'],
  ...['<think>', '</think>', '<th', 'text', call('add', '{"a": [1, {"}": "]"}], "b": "\\"}"}'), call('天气', '{}')],
]
const answer = fc.array(fc.constantFrom(...scraps), { maxLength: 14 }).map((parts) => parts.join(''))
const places = fc.array(fc.nat(500), { maxLength: 30 })

// A program would get other calls, or half a tag as text, only because the stream was cut elsewhere.
test('however a stream is cut, the same is read', () => {
  fc.assert(
    fc.property(answer, places, fc.boolean(), (text, cuts, isInside) => {
      expect(read(cutAt(text, cuts))).toEqual(read([text]))
      expect(read([...text])).toEqual(read([text]))
      expect(split(cutAt(text, cuts), isInside)).toEqual(split([text], isInside))
      expect(split([...text], isInside)).toEqual(split([text], isInside))
    }),
    { numRuns: 3000 },
  )
})

// Text would vanish from answers that only look as if they had calls in them.
test('an answer without a call is given back as it is', () => {
  fc.assert(
    fc.property(answer, (text) => {
      const pieces = read([text])
      if (!pieces.every(({ type }) => type === 'text')) return
      expect(pieces.map((piece) => 'text' in piece && piece.text).join('')).toBe(text)
    }),
    { numRuns: 3000 },
  )
})

test.each<[string, string, Piece[]]>([
  ['text, two calls, and an end of line', `好的。\n\n${call('天气', '{"城市": "北京"}')}\n${call('add', '{}')}\n`, [
    { type: 'text', text: '好的。' },
    { type: 'tool-call', index: 0, id: 'call-1', name: '天气' },
    { type: 'tool-arguments', index: 0, text: '{"城市": "北京"}' },
    { type: 'tool-call', index: 1, id: 'call-2', name: 'add' },
    { type: 'tool-arguments', index: 1, text: '{}' },
  ]],
  ['brackets and quotes inside texts', call('add', '{"a": "}\\"{", "b": ["]"]}'), [
    { type: 'tool-call', index: 0, id: 'call-1', name: 'add' },
    { type: 'tool-arguments', index: 0, text: '{"a": "}\\"{", "b": ["]"]}' },
  ]],
  ['an answer that is one object, as Llama 3.1 writes it', ' {"name":"add","parameters":{"a":1}}\n', [
    { type: 'tool-call', index: 0, id: 'call-1', name: 'add' },
    { type: 'tool-arguments', index: 0, text: '{"a":1}' },
  ]],
  ['a call that breaks off', '<tool_call>{"name": "add", "arguments": {"a": "b', [
    { type: 'tool-call', index: 0, id: 'call-1', name: 'add' },
    { type: 'tool-arguments', index: 0, text: '{"a": "b' },
  ]],
  ['a tool that there is not', call('other', '{}'), [{ type: 'text', text: call('other', '{}') }]],
  ['JSON that is no call', '{"name": "add"}', [{ type: 'text', text: '{"name": "add"}' }]],
  ['a tag in a sentence', 'A <tool_call> begins it.', [{ type: 'text', text: 'A <tool_call> begins it.' }]],
])('calls: %s', (_name, text, expected) => {
  expect(read([text])).toEqual(expected)
})

test.each<[string, string, boolean, Piece[]]>([
  ['a block', '<think>\n想一想。\n</think>\n\n你好', false, [
    { type: 'reasoning', text: '想一想。' },
    { type: 'text', text: '你好' },
  ]],
  ['a block that the prompt began', '\n想\n\n想</think>好 ', true, [
    { type: 'reasoning', text: '想\n\n想' },
    { type: 'text', text: '好 ' },
  ]],
  ['an empty block', '<think>\n\n</think>\n\n你好', false, [{ type: 'text', text: '你好' }]],
  ['a block that never ends', '<think>\n想 </thi', false, [{ type: 'reasoning', text: '想 </thi' }]],
  ['a block further down is text', '好 <think>x</think>', false, [{ type: 'text', text: '好 <think>x</think>' }]],
  ['an answer that ends before it can be told', ' <thin', false, [{ type: 'text', text: ' <thin' }]],
])('reasoning: %s', (_name, text, isInside, expected) => {
  expect(split([text], isInside)).toEqual(expected)
})
