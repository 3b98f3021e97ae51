import type { Llama, LlamaOptions } from 'node-llama-cpp'
import type { Settings } from '../shared/contract/settings.ts'
import type { NativeLog } from './native-log.ts'

/** The back end that was asked for, else the best one that starts; the CPU always does. */
export async function startLlama(gpu: Settings['gpu'], log: NativeLog): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp')
  const start = (gpu: LlamaOptions['gpu']) =>
    getLlama({
      gpu,
      build: 'never',
      progressLogs: false,
      // See NativeLog.
      logLevel: LlamaLogLevel.info,
      logger: log.write,
      // No limit, or a context would get fewer threads than it asks for.
      maxThreads: 0,
    })
  try {
    return await start(gpu === 'cpu' ? false : gpu)
  } catch (error) {
    log.write(LlamaLogLevel.warn, `The back end ${gpu} does not start: ${String(error)}`)
    return start('auto').catch(() => start(false))
  }
}
