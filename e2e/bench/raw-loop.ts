/**
 * The yardstick: decodes greedily in a bare loop on the llama.cpp library that the app ships, called
 * synchronously through koffi; nothing else runs in this process. Prints one line of JSON.
 *
 *   node e2e/bench/raw-loop.ts <model.gguf> <threads> <prompt tokens> <answer tokens>
 */
import koffi from 'koffi'
import { openLlamaLibrary } from '../../build/gguf/llama-library.ts'

// Layouts of llama.cpp v0.5.0; openLlamaLibrary refuses another version.
koffi.struct('llama_model_params', {
  devices: 'void*', tensor_buft_overrides: 'void*', n_gpu_layers: 'int', split_mode: 'int', load_mode: 'int',
  lazy_mode: 'int', main_gpu: 'int', tensor_split: 'void*', progress_callback: 'void*',
  progress_callback_user_data: 'void*', kv_overrides: 'void*', vocab_only: 'bool', check_tensors: 'bool',
  use_extra_bufts: 'bool', no_host: 'bool', no_alloc: 'bool', load_mtp: 'bool',
})
koffi.struct('llama_context_params', {
  n_ctx: 'uint32', n_batch: 'uint32', n_ubatch: 'uint32', n_seq_max: 'uint32', n_rs_seq: 'uint32',
  n_outputs_max: 'uint32', n_outputs_max_per_seq: 'uint32', n_threads: 'int', n_threads_batch: 'int',
  ctx_type: 'int', rope_scaling_type: 'int', pooling_type: 'int', attention_type: 'int', flash_attn_type: 'int',
  rope_freq_base: 'float', rope_freq_scale: 'float', yarn_ext_factor: 'float', yarn_attn_factor: 'float',
  yarn_beta_fast: 'float', yarn_beta_slow: 'float', yarn_orig_ctx: 'uint32', defrag_thold: 'float',
  cb_eval: 'void*', cb_eval_user_data: 'void*', type_k: 'int', type_v: 'int', abort_callback: 'void*',
  abort_callback_data: 'void*', embeddings: 'bool', offload_kqv: 'bool', no_perf: 'bool', op_offload: 'bool',
  swa_full: 'bool', kv_unified: 'bool', samplers: 'void*', n_samplers: 'size_t', ctx_other: 'void*',
})
koffi.struct('llama_batch', {
  n_tokens: 'int', token: 'void*', embd: 'void*', pos: 'void*', n_seq_id: 'void*', seq_id: 'void*', logits: 'void*',
})

const [modelPath, threads, promptTokens, answerTokens] = process.argv.slice(2)
const promptLength = Number(promptTokens)
const answerLength = Number(answerTokens)
const { llama } = openLlamaLibrary(() => {})

const modelParameters = llama.func('llama_model_params llama_model_default_params()')()
const model = llama.func('void* llama_model_load_from_file(str, llama_model_params)')(modelPath, modelParameters)
const contextParameters = llama.func('llama_context_params llama_context_default_params()')()
Object.assign(contextParameters, {
  n_ctx: 4096,
  n_batch: 512,
  n_ubatch: 512,
  n_threads: Number(threads),
  n_threads_batch: Number(threads),
})
const context = llama.func('void* llama_init_from_model(void*, llama_context_params)')(model, contextParameters)
const vocabulary = llama.func('void* llama_model_get_vocab(void*)')(model)
const vocabularySize: number = llama.func('int llama_vocab_n_tokens(void*)')(vocabulary)
const decode = llama.func('int llama_decode(void*, llama_batch)')
const batchOf = llama.func('llama_batch llama_batch_get_one(void*, int)')
const sampler = llama.func('void* llama_sampler_init_greedy()')()
const sample = llama.func('int llama_sampler_sample(void*, void*, int)')
const toPiece = llama.func('int llama_token_to_piece(void*, int, void*, int, int, bool)')
const memory = llama.func('void* llama_get_memory(void*)')(context)
const clear = llama.func('void llama_memory_clear(void*, bool)')

const prompt = Int32Array.from({ length: promptLength }, (_, i) => 300 + ((i * 7919) % (vocabularySize - 400)))
const next = new Int32Array(1)
const piece = Buffer.alloc(64)
let tokensPerSecond = 0
// The first round warms up.
for (let round = 0; round < 2; round++) {
  clear(memory, true)
  for (let i = 0; i < promptLength; i += 512) {
    decode(context, batchOf(prompt.subarray(i, i + 512), Math.min(512, promptLength - i)))
  }
  next[0] = sample(sampler, context, -1)
  const started = performance.now()
  for (let i = 0; i < answerLength; i++) {
    decode(context, batchOf(next, 1))
    next[0] = sample(sampler, context, -1)
    piece.toString('utf8', 0, toPiece(vocabulary, next[0], piece, piece.length, 0, false))
  }
  tokensPerSecond = (answerLength * 1000) / (performance.now() - started)
}
console.log(JSON.stringify({ tokensPerSecond }))
process.exit(0)
