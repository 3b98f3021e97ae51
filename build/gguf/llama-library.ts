/**
 * Opens the llama.cpp library that node-llama-cpp ships, through koffi, so
 * that no compiler is needed for what node-llama-cpp does not offer.
 *
 * The struct layouts below belong to llama.cpp v0.5.0 only. `openLlamaLibrary`
 * compares the defaults the library reports with those of that version and
 * refuses to go on when they differ.
 */
import fs from 'node:fs'
import path from 'node:path'
import koffi, { type LibraryHandle } from 'koffi'

export interface LlamaLibrary {
  /** Low-level tensors and graphs. */
  ggmlBase: LibraryHandle
  /** Backends. */
  ggml: LibraryHandle
  /** Models. */
  llama: LibraryHandle
}

/** The parameters of `llama_model_quantize`. */
export interface QuantizeParameters {
  nthread: number
  ftype: number
  allow_requantize: boolean
  quantize_output_tensor: boolean
  pure: boolean
  imatrix: unknown
  max_buf_size: bigint | number
}

/** Levels of llama.cpp's log. */
export const LOG_WARNING = 3
const LOG_CONTINUED = 5

koffi.struct('llama_model_quantize_params', {
  nthread: 'int',
  ftype: 'int',
  output_tensor_type: 'int',
  token_embedding_type: 'int',
  allow_requantize: 'bool',
  quantize_output_tensor: 'bool',
  only_copy: 'bool',
  pure: 'bool',
  keep_split: 'bool',
  dry_run: 'bool',
  imatrix: 'void*',
  kv_overrides: 'void*',
  tt_overrides: 'void*',
  prune_layers: 'void*',
  max_buf_size: 'size_t'
})

const logCallback = koffi.proto('void ggml_log_cb(int level, str text, void* user_data)')

/** The folder with the libraries for this machine's CPU. */
export function findLlamaLibraries(): string {
  const root = path.resolve(import.meta.dirname, '../../node_modules/@node-llama-cpp')
  const system = { linux: 'linux', darwin: 'mac', win32: 'win' }[process.platform as string]
  for (const name of [`${system}-${process.arch}`, `${system}-${process.arch}-metal`]) {
    const folder = path.join(root, name, 'bins', name)
    if (fs.existsSync(folder)) return folder
  }
  throw new Error(`No llama.cpp library for ${process.platform} ${process.arch} below ${root}`)
}

/**
 * Loads the library and checks that it is the expected version. Log lines go
 * to `onLog`; without it, warnings and errors go to standard error.
 */
export function openLlamaLibrary(onLog?: (level: number, text: string) => void): LlamaLibrary {
  const folder = findLlamaLibraries()
  const load = (pattern: RegExp) => {
    const name = fs.readdirSync(folder).find((file) => pattern.test(file))
    if (!name) throw new Error(`No library matches ${pattern} in ${folder}`)
    return koffi.load(path.join(folder, name), { global: process.platform !== 'win32' })
  }
  const library = {
    ggmlBase: load(/^(lib)?ggml-base\.(so|dylib|dll)$/),
    ggml: load(/^(lib)?ggml(\.[\w.]*v[\d.]+)?\.(so|dylib|dll)$/),
    llama: load(/^(lib)?llama(\.[\w.]*v[\d.]+)?\.(so|dylib|dll)$/)
  }
  setLog(library, onLog ?? printWarnings)
  library.ggml.func('void ggml_backend_load_all_from_path(str)')(folder)
  library.llama.func('void llama_backend_init()')()
  guard(library)
  return library
}

/** The library's own defaults for quantizing. */
export function defaultQuantizeParameters(library: LlamaLibrary): QuantizeParameters {
  return library.llama.func('llama_model_quantize_params llama_model_quantize_default_params()')()
}

/** Calls `llama_model_quantize`; 0 means success. */
export function runQuantizer(
  library: LlamaLibrary,
  source: string,
  target: string,
  parameters: QuantizeParameters
): number {
  const quantize = library.llama.func('uint32 llama_model_quantize(str, str, llama_model_quantize_params*)')
  return quantize(source, target, parameters)
}

function setLog(library: LlamaLibrary, onLog: (level: number, text: string) => void): void {
  const callback = koffi.register(onLog, koffi.pointer(logCallback))
  library.llama.func('void llama_log_set(void*, void*)')(callback, null)
}

function printWarnings(level: number, text: string): void {
  if (level >= LOG_WARNING && level < LOG_CONTINUED) process.stderr.write(text)
}

/** Throws when the defaults are not those of the version whose layouts are above. */
function guard(library: LlamaLibrary): void {
  const q = defaultQuantizeParameters(library) as QuantizeParameters & Record<string, unknown>
  const expected: Record<string, unknown> = {
    nthread: 0,
    ftype: 7,
    allow_requantize: false,
    quantize_output_tensor: true,
    only_copy: false,
    pure: false,
    keep_split: false,
    dry_run: false,
    imatrix: null,
    kv_overrides: null
  }
  const wrong = Object.keys(expected).filter((key) => q[key] !== expected[key])
  if (wrong.length > 0) {
    const found = wrong.map((key) => `${key} = ${String(q[key])}`).join(', ')
    throw new Error(`This is not the llama.cpp version the struct layouts were written for (${found})`)
  }
}
