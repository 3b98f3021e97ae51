import type { Settings } from '../../shared/contract/settings.ts'

/**
 * Threads to load a model with: what the person set, else what was measured to be fastest on this
 * machine, else one fewer than it has `cores`, because llama.cpp's threads wait for each other by
 * spinning and one more busy thread anywhere makes all of them slow.
 */
export function automaticThreads(settings: Pick<Settings, 'threads' | 'measuredThreads'>, cores: number): number {
  return settings.threads ?? settings.measuredThreads ?? Math.max(1, cores - 1)
}
