/**
 * The part of ggml, llama.cpp's tensor library, that training needs. All
 * tensors live in the memory of one context, and JavaScript reads and writes
 * them in place.
 */
import koffi from 'koffi'
import { openLlamaLibrary } from '../gguf/llama-library.ts'

declare const tensorBrand: unique symbol
/** A pointer to a ggml tensor. */
export type Tensor = bigint & { [tensorBrand]: true }
declare const graphBrand: unique symbol
/** A pointer to a ggml compute graph. */
export type Graph = bigint & { [graphBrand]: true }

const TYPE_F32 = 0
const TYPE_I32 = 26
const DEVICE_CPU = 0

koffi.struct('ggml_init_params', { mem_size: 'size_t', mem_buffer: 'void*', no_alloc: 'bool' })

export type Ggml = ReturnType<typeof createGgml>

/** Opens ggml with one context of `memoryBytes`, computing on `threads` threads. */
export function createGgml(memoryBytes: number, threads: number) {
  const library = openLlamaLibrary()
  const base = library.ggmlBase
  const context: unknown = base.func('void* ggml_init(ggml_init_params)')({
    mem_size: memoryBytes,
    mem_buffer: null,
    no_alloc: false
  })
  const backend = createCpuBackend(library, threads)
  const compute = base.func('int ggml_backend_graph_compute(void*, void*)')
  const dataOf = base.func('void* ggml_get_data(void*)')
  const countOf = base.func('int64 ggml_nelements(void*)')
  const view = (tensor: Tensor) => koffi.view(dataOf(tensor), Number(countOf(tensor)) * 4)

  /** Binds an operation whose first argument is the context. */
  const operation = (name: string, parameters: string) => {
    const call = base.func(`void* ${name}(void*${parameters ? `, ${parameters}` : ''})`)
    return (...values: unknown[]): Tensor => call(context, ...values)
  }
  const unary = (name: string): ((a: Tensor) => Tensor) => operation(name, 'void*')
  const binary = (name: string): ((a: Tensor, b: Tensor) => Tensor) => operation(name, 'void*, void*')

  const newTensor1d = operation('ggml_new_tensor_1d', 'int, int64')
  const newTensor2d = operation('ggml_new_tensor_2d', 'int, int64, int64')
  const newGraph = base.func('void* ggml_new_graph_custom(void*, size_t, bool)')
  const buildBackward = base.func('void ggml_build_backward_expand(void*, void*, void*)')
  const rope = operation(
    'ggml_rope_ext',
    'void*, void*, void*, int, int, int, float, float, float, float, float, float'
  )

  return {
    floats: (tensor: Tensor) => new Float32Array(view(tensor)),
    integers: (tensor: Tensor) => new Int32Array(view(tensor)),
    newFloats: (dims: readonly number[]) =>
      dims.length === 1 ? newTensor1d(TYPE_F32, ...dims) : newTensor2d(TYPE_F32, ...dims),
    newIntegers: (count: number) => newTensor1d(TYPE_I32, count),

    add: binary('ggml_add'),
    mul: binary('ggml_mul'),
    matmul: binary('ggml_mul_mat'),
    getRows: binary('ggml_get_rows'),
    swiglu: binary('ggml_swiglu_split'),
    crossEntropy: binary('ggml_cross_entropy_loss'),
    argmax: unary('ggml_argmax'),
    cont: unary('ggml_cont'),
    viewOf: unary('ggml_view_tensor'),
    rmsNorm: operation('ggml_rms_norm', 'void*, float') as (a: Tensor, epsilon: number) => Tensor,
    reshape2d: operation('ggml_reshape_2d', 'void*, int64, int64') as (a: Tensor, n0: number, n1: number) => Tensor,
    reshape3d: operation('ggml_reshape_3d', 'void*, int64, int64, int64') as (
      a: Tensor,
      n0: number,
      n1: number,
      n2: number
    ) => Tensor,
    permute: operation('ggml_permute', 'void*, int, int, int, int') as (
      a: Tensor,
      axis0: number,
      axis1: number,
      axis2: number,
      axis3: number
    ) => Tensor,
    softmax: operation('ggml_soft_max_ext', 'void*, void*, float, float') as (
      a: Tensor,
      mask: Tensor,
      scale: number,
      maxBias: number
    ) => Tensor,
    /** Rotary positions in the llama order, without scaling. */
    rope: (a: Tensor, positions: Tensor, dims: number, base: number) =>
      rope(a, positions, null, dims, 0, 0, base, 1, 0, 1, 32, 1),
    adamStep: operation('ggml_opt_step_adamw', 'void*, void*, void*, void*, void*') as (
      weights: Tensor,
      gradient: Tensor,
      mean: Tensor,
      variance: Tensor,
      parameters: Tensor
    ) => Tensor,

    setTrainable: base.func('void ggml_set_param(void*)') as (tensor: Tensor) => void,
    setLoss: base.func('void ggml_set_loss(void*)') as (tensor: Tensor) => void,
    newGraph: (size: number, withGradients: boolean): Graph => newGraph(context, size, withGradients),
    expand: base.func('void ggml_build_forward_expand(void*, void*)') as (graph: Graph, tensor: Tensor) => void,
    buildBackward: (graph: Graph): void => buildBackward(context, graph, null),
    gradientOf: base.func('void* ggml_graph_get_grad(void*, void*)') as (graph: Graph, tensor: Tensor) => Tensor,
    /** Sets the gradient of the loss to 1, all others to 0. */
    resetGraph: base.func('void ggml_graph_reset(void*)') as (graph: Graph) => void,
    compute: (graph: Graph): void => {
      const status: number = compute(backend, graph)
      if (status !== 0) throw new Error(`ggml could not compute the graph (status ${status})`)
    }
  }
}

function createCpuBackend(library: ReturnType<typeof openLlamaLibrary>, threads: number): unknown {
  const device: unknown = library.ggml.func('void* ggml_backend_dev_by_type(int)')(DEVICE_CPU)
  const backend: unknown = library.ggmlBase.func('void* ggml_backend_dev_init(void*, str)')(device, null)
  const registry: unknown = library.ggmlBase.func('void* ggml_backend_dev_backend_reg(void*)')(device)
  const findFunction = library.ggmlBase.func('void* ggml_backend_reg_get_proc_address(void*, str)')
  const setThreads: unknown = findFunction(registry, 'ggml_backend_set_n_threads')
  koffi.call(setThreads, koffi.proto('void ggml_backend_set_n_threads(void* backend, int threads)'), backend, threads)
  return backend
}
