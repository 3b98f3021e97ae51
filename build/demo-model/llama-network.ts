/** A llama network as ggml graphs: forward, backward and one AdamW step. */
import { planLlamaTensors, RMS_NORM_EPSILON, type LlamaShape, type TensorPlan } from '../gguf/llama-metadata.ts'
import type { Random } from '../gguf/random.ts'
import type { Ggml, Graph, Tensor } from './ggml.ts'

/** One trained tensor, as memory that ggml works on in place. */
export interface Parameter {
  plan: TensorPlan
  weights: Float32Array
  /** AdamW's running mean and variance of the gradient. */
  mean: Float32Array
  variance: Float32Array
  gradient: Float32Array
}

/** The inputs of one step; the caller fills them in place. */
export interface NetworkInputs {
  tokens: Int32Array
  positions: Int32Array
  /** `mask[query * window + key]`: 0 where attention is allowed, -Infinity elsewhere. */
  mask: Float32Array
  /** The positions whose next token is predicted. */
  rows: Int32Array
  /** One-hot: `labels[row * vocabulary + token]`. */
  labels: Float32Array
}

export interface AdamSettings {
  rate: number
  beta1: number
  beta2: number
  /** Number of this step, from 1. */
  step: number
  /** The gradient is scaled down to this norm when it is longer. */
  clip: number
}

export interface Network {
  parameters: Parameter[]
  inputs: NetworkInputs
  /** Predicted token of each row, after `forward`. */
  predictions: Int32Array
  /** Runs the network on the inputs without learning. */
  forward: () => void
  /** Runs the network, computes gradients and changes the weights. Returns the mean loss of the rows. */
  train: (settings: AdamSettings) => number
}

const GRAPH_SIZE = 8192
const ADAM_EPSILON = 1e-8

/** Builds the network for windows of `window` tokens of which `rows` are predicted. */
export function createNetwork(
  ggml: Ggml,
  shape: LlamaShape,
  size: { vocabulary: number; window: number; rows: number }
): Network {
  const plans = planLlamaTensors(shape, size.vocabulary)
  const weights = new Map(plans.map((plan) => [plan.name, ggml.newFloats(plan.dims)]))
  for (const tensor of weights.values()) ggml.setTrainable(tensor)
  const tokens = ggml.newIntegers(size.window)
  const positions = ggml.newIntegers(size.window)
  const mask = ggml.newFloats([size.window, size.window])
  const rows = ggml.newIntegers(size.rows)
  const labels = ggml.newFloats([size.vocabulary, size.rows])

  const logits = buildLogits(ggml, shape, size.window, weights, { tokens, positions, mask, rows })
  const predictions = ggml.argmax(logits)
  const forwardGraph = ggml.newGraph(GRAPH_SIZE, false)
  ggml.expand(forwardGraph, predictions)

  const loss = ggml.crossEntropy(logits, labels)
  ggml.setLoss(loss)
  const gradientGraph = ggml.newGraph(GRAPH_SIZE, true)
  ggml.expand(gradientGraph, loss)
  ggml.buildBackward(gradientGraph)
  ggml.resetGraph(gradientGraph)

  const adamInput = ggml.newFloats([7])
  const stepGraph = ggml.newGraph(GRAPH_SIZE, false)
  const parameters = plans.map((plan) =>
    buildAdamStep(ggml, { gradientGraph, stepGraph, adamInput }, plan, weights.get(plan.name))
  )
  const adam = ggml.floats(adamInput)
  const lossValue = ggml.floats(loss)
  return {
    parameters,
    inputs: {
      tokens: ggml.integers(tokens),
      positions: ggml.integers(positions),
      mask: ggml.floats(mask),
      rows: ggml.integers(rows),
      labels: ggml.floats(labels)
    },
    predictions: ggml.integers(predictions),
    forward: () => ggml.compute(forwardGraph),
    train: ({ rate, beta1, beta2, step, clip }) => {
      ggml.compute(gradientGraph)
      clipGradients(parameters, clip)
      adam.set([rate, beta1, beta2, ADAM_EPSILON, 0, 1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)])
      ggml.compute(stepGraph)
      return lossValue[0] ?? NaN
    }
  }
}

/** Draws the first weights: wide embeddings, matrices by their input width, small outputs. */
export function initialise(parameters: readonly Parameter[], shape: LlamaShape, random: Random): void {
  for (const { plan, weights } of parameters) {
    const [inputs = 1] = plan.dims
    const residual = plan.name.includes('attn_output') || plan.name.includes('ffn_down')
    const deviation = plan.role === 'embedding' ? 0.5 : 1 / Math.sqrt(inputs * (residual ? 2 * shape.layers : 1))
    if (plan.role === 'norm') weights.fill(1)
    else for (let i = 0; i < weights.length; i++) weights[i] = random.gaussian() * deviation
  }
}

interface InputTensors {
  tokens: Tensor
  positions: Tensor
  mask: Tensor
  rows: Tensor
}

function buildLogits(
  ggml: Ggml,
  shape: LlamaShape,
  window: number,
  weights: ReadonlyMap<string, Tensor>,
  inputs: InputTensors
): Tensor {
  const weight = (name: string) => {
    const tensor = weights.get(`${name}.weight`)
    if (tensor === undefined) throw new Error(`No tensor ${name}`)
    return tensor
  }
  const norm = (x: Tensor, name: string) => ggml.mul(ggml.rmsNorm(x, RMS_NORM_EPSILON), weight(name))
  let x = ggml.getRows(weight('token_embd'), inputs.tokens)
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string) => `blk.${layer}.${part}`
    const normed = norm(x, name('attn_norm'))
    const project = (part: string) => ggml.matmul(weight(name(part)), normed)
    const attended = buildAttention(ggml, shape, window, inputs, {
      q: project('attn_q'),
      k: project('attn_k'),
      v: project('attn_v')
    })
    x = ggml.add(x, ggml.matmul(weight(name('attn_output')), attended))
    const y = norm(x, name('ffn_norm'))
    const gate = ggml.matmul(weight(name('ffn_gate')), y)
    const up = ggml.matmul(weight(name('ffn_up')), y)
    x = ggml.add(x, ggml.matmul(weight(name('ffn_down')), ggml.swiglu(gate, up)))
  }
  return ggml.matmul(weight('output'), norm(ggml.getRows(x, inputs.rows), 'output_norm'))
}

function buildAttention(
  ggml: Ggml,
  shape: LlamaShape,
  window: number,
  inputs: InputTensors,
  { q, k, v }: { q: Tensor; k: Tensor; v: Tensor }
): Tensor {
  if (shape.kvHeads !== shape.heads) throw new Error('Training supports as many key heads as heads only')
  const headDim = shape.dim / shape.heads
  const split = (x: Tensor) => ggml.reshape3d(x, headDim, shape.heads, window)
  const rotated = (x: Tensor) => ggml.rope(split(x), inputs.positions, headDim, shape.ropeBase)
  const byHead = (x: Tensor) => ggml.cont(ggml.permute(x, 0, 2, 1, 3))
  const scores = ggml.matmul(byHead(rotated(k)), byHead(rotated(q)))
  const attention = ggml.softmax(scores, inputs.mask, 1 / Math.sqrt(headDim), 0)
  const values = ggml.cont(ggml.permute(split(v), 1, 2, 0, 3))
  return ggml.reshape2d(byHead(ggml.matmul(values, attention)), shape.dim, window)
}

function buildAdamStep(
  ggml: Ggml,
  graphs: { gradientGraph: Graph; stepGraph: Graph; adamInput: Tensor },
  plan: TensorPlan,
  weights: Tensor | undefined
): Parameter {
  if (weights === undefined) throw new Error(`No tensor ${plan.name}`)
  const mean = ggml.newFloats(plan.dims)
  const variance = ggml.newFloats(plan.dims)
  // A view stands alone in the second graph: it does not compute the gradient again.
  const gradient = ggml.viewOf(ggml.gradientOf(graphs.gradientGraph, weights))
  ggml.expand(graphs.stepGraph, ggml.adamStep(weights, gradient, mean, variance, graphs.adamInput))
  const parameter = {
    plan,
    weights: ggml.floats(weights),
    mean: ggml.floats(mean),
    variance: ggml.floats(variance),
    gradient: ggml.floats(gradient)
  }
  parameter.mean.fill(0)
  parameter.variance.fill(0)
  return parameter
}

function clipGradients(parameters: readonly Parameter[], limit: number): void {
  let squares = 0
  for (const { gradient } of parameters) for (const value of gradient) squares += value * value
  const scale = limit / Math.sqrt(squares)
  if (scale >= 1) return
  for (const { gradient } of parameters) for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] ?? 0) * scale
}
