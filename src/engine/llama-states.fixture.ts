/** The last hidden states of a llama model with F32 weights, computed without llama.cpp. */
import { readFileSync } from 'node:fs'
import { readGgufHeader } from './gguf-header.ts'

const alignment = 32

/** One vector a token: what comes out of the last norm. */
export function llamaStates(path: string, tokens: readonly number[]): Float64Array[] {
  const { metadata, tensors } = readGgufHeader(path)
  const number = (key: string) => Number(metadata.get(`llama.${key}`))
  const file = readFileSync(path)
  const weights = new Map<string, Float32Array>()
  let end = file.length
  for (const { name, sizeBytes, elementCount } of tensors.toReversed()) {
    end -= Math.ceil(sizeBytes / alignment) * alignment
    const start = file.byteOffset + end
    weights.set(name, new Float32Array(file.buffer.slice(start, start + 4 * elementCount)))
  }
  const weight = (name: string) => weights.get(`${name}.weight`)!
  const heads = number('attention.head_count')
  const kvHeads = number('attention.head_count_kv')
  const headLength = number('embedding_length') / heads
  const epsilon = number('attention.layer_norm_rms_epsilon')
  const base = number('rope.freq_base')

  const norm = (x: Float64Array, scale: Float32Array) => {
    const root = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + epsilon)
    return x.map((value, index) => (value / root) * scale[index]!)
  }
  const times = (matrix: Float32Array, x: Float64Array) =>
    Float64Array.from({ length: matrix.length / x.length }, (_, row) =>
      x.reduce((sum, value, column) => sum + value * matrix[row * x.length + column]!, 0),
    )
  const add = (a: Float64Array, b: Float64Array) => a.map((value, index) => value + b[index]!)
  const rotate = (x: Float64Array, position: number) => {
    const rotated = x.slice()
    for (let i = 0; i < x.length; i += 2) {
      const angle = position * base ** (-(i % headLength) / headLength)
      rotated[i] = x[i]! * Math.cos(angle) - x[i + 1]! * Math.sin(angle)
      rotated[i + 1] = x[i]! * Math.sin(angle) + x[i + 1]! * Math.cos(angle)
    }
    return rotated
  }
  const headOf = (x: Float64Array, head: number) => x.subarray(head * headLength, (head + 1) * headLength)

  const dim = heads * headLength
  let states = tokens.map((token) => {
    return Float64Array.from(weight('token_embd').subarray(token * dim, (token + 1) * dim))
  })
  for (let layer = 0; layer < number('block_count'); layer++) {
    const of = (name: string) => weight(`blk.${layer}.${name}`)
    const normed = states.map((x) => norm(x, of('attn_norm')))
    const keys = normed.map((x, position) => rotate(times(of('attn_k'), x), position))
    const values = normed.map((x) => times(of('attn_v'), x))
    states = states.map((x, position) => {
      const query = rotate(times(of('attn_q'), normed[position]!), position)
      const mixed = new Float64Array(dim)
      for (let head = 0; head < heads; head++) {
        const kvHead = Math.floor((head * kvHeads) / heads)
        const own = headOf(query, head)
        const scores = keys.slice(0, position + 1).map((key) => {
          return headOf(key, kvHead).reduce((sum, value, i) => sum + value * own[i]!, 0) / Math.sqrt(headLength)
        })
        const most = Math.max(...scores)
        const shares = scores.map((score) => Math.exp(score - most))
        const sum = shares.reduce((a, b) => a + b, 0)
        for (const [at, share] of shares.entries()) {
          const value = headOf(values[at]!, kvHead)
          for (let i = 0; i < headLength; i++) mixed[head * headLength + i]! += (share / sum) * value[i]!
        }
      }
      const attended = add(x, times(of('attn_output'), mixed))
      const input = norm(attended, of('ffn_norm'))
      const up = times(of('ffn_up'), input)
      const gated = times(of('ffn_gate'), input).map((value, index) => (value / (1 + Math.exp(-value))) * up[index]!)
      return add(attended, times(of('ffn_down'), gated))
    })
  }
  return states.map((x) => norm(x, weight('output_norm')))
}
