/** What the tests of this folder share: the real engine process, unbuilt. */
import { join } from 'node:path'
import { RANDOM_MODEL_PRESETS, writeRandomModel, type RandomModelOptions } from '../../../build/gguf/random-model.ts'
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import type { EngineLoadSettings, GenerateRequest, LoadRequest, PromptMessage } from '../../shared/engine/messages.ts'
import { defaultSampling, type Sampling } from '../../shared/lib/sampling.ts'
import type { Log } from '../ports.ts'
import type { EngineProcess } from './engine-starter.ts'
import { EngineSupervisor, type EngineState } from './engine-supervisor.ts'
import { nodeEngineStarter } from './node-engine-starter.ts'

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
export const startEngine = nodeEngineStarter(join(import.meta.dirname, '../../engine/index.ts'), silentLog)
export const demoModelPath = join(import.meta.dirname, '../../../resources/demo-model/yangtuo-demo.gguf')

export function randomModel(path: string, options: Partial<RandomModelOptions> = {}): string {
  writeRandomModel(path, { ...RANDOM_MODEL_PRESETS.tiny, ...options })
  return path
}

/** A model that takes seconds to read a long prompt and minutes to fill its context. */
export const slowModel = { dim: 512, layers: 8, heads: 8, context: 4096, vocabularySize: 8000 }

/** A supervisor, the processes it started so far, and the load states it went through. */
export function supervise() {
  const processes: EngineProcess[] = []
  const states: EngineState[] = []
  const supervisor = new EngineSupervisor({
    modelName: '试验',
    starter: () => {
      processes.push(startEngine())
      return processes.at(-1)!
    },
    log: silentLog,
    onLoadState: (state) => states.push(state),
  })
  return { supervisor, processes, states }
}

export function loadRequest(
  path: string,
  settings: Partial<EngineLoadSettings> = {},
  options: Partial<LoadRequest> = {},
): LoadRequest {
  const defaults = { ...defaultLoadSettings, adapters: [], draft: { type: 'none' as const } }
  const automatic = { automaticThreads: 1, automaticSlots: 1 }
  return { path, gpu: 'cpu', ...automatic, settings: { ...defaults, ...settings }, force: false, ...options }
}

/** Greedy unless `sampling` says otherwise. */
export function ask(text: string, history: PromptMessage[] = [], sampling: Partial<Sampling> = {}): GenerateRequest {
  return {
    prompt: { messages: [...history, { role: 'user', text }] },
    sampling: { ...defaultSampling, temperature: 0, repeatPenalty: 1, ...sampling },
  }
}
