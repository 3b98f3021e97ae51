/** Opens a model and a context of it on the llama.cpp library that the app ships, called synchronously through koffi. */
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

/** `contextSize`: of each sequence. */
export function openRawModel(path: string, options: { threads: number; contextSize: number; sequences: number }) {
  const { threads, contextSize, sequences } = options
  const { llama } = openLlamaLibrary(() => {})
  const modelParameters = llama.func('llama_model_params llama_model_default_params()')()
  const model = llama.func('void* llama_model_load_from_file(str, llama_model_params)')(path, modelParameters)
  const contextParameters = llama.func('llama_context_params llama_context_default_params()')()
  Object.assign(contextParameters, {
    n_ctx: contextSize * sequences,
    n_seq_max: sequences,
    n_batch: 512,
    n_ubatch: 512,
    n_threads: threads,
    n_threads_batch: threads,
  })
  const context = llama.func('void* llama_init_from_model(void*, llama_context_params)')(model, contextParameters)
  const vocabulary = llama.func('void* llama_model_get_vocab(void*)')(model)
  const memory = llama.func('void* llama_get_memory(void*)')(context)
  const clear = llama.func('void llama_memory_clear(void*, bool)')
  const vocabularySize: number = llama.func('int llama_vocab_n_tokens(void*)')(vocabulary)
  const sampler = llama.func('void* llama_sampler_init_greedy()')()
  const sample = llama.func('int llama_sampler_sample(void*, void*, int)')
  const toPiece = llama.func('int llama_token_to_piece(void*, int, void*, int, int, bool)')
  const piece = Buffer.alloc(64)
  return {
    llama,
    context,
    vocabularySize,
    clear: () => clear(memory, true),
    /** Greedy; `index` in the batch, -1 = its last. */
    sample: (index: number): number => sample(sampler, context, index),
    text: (token: number) => piece.toString('utf8', 0, toPiece(vocabulary, token, piece, piece.length, 0, false)),
  }
}
