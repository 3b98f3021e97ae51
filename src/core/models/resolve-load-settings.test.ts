import { expect, test } from 'vitest'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import { resolveLoadSettings } from './resolve-load-settings.ts'

const models: Record<string, { path: string; isPresent: boolean }> = {
  adapter: { path: '/模型/诗　词.gguf', isPresent: true },
  small: { path: '/模型/small.gguf', isPresent: true },
  unplugged: { path: '/drive/a.gguf', isPresent: false },
}
const resolve = (overrides: LoadOverrides) => resolveLoadSettings(overrides, (id) => models[id])
const draft = { type: 'model', minTokens: 2, maxTokens: 8, minConfidence: 0.5 } as const

test('what was not changed is by default, and models are named by their paths', () => {
  expect(resolve({})).toEqual(defaultLoadSettings)
  expect(
    resolve({ contextSize: 1024, adapters: [{ modelId: 'adapter', scale: 0.5 }], draft: { ...draft, modelId: 'small' } }),
  ).toEqual({
    ...defaultLoadSettings,
    contextSize: 1024,
    adapters: [{ path: '/模型/诗　词.gguf', scale: 0.5 }],
    draft: { ...draft, path: '/模型/small.gguf' },
  })
})

test.each(['unplugged', 'removed'])('an adapter or draft that is %s is told before anything is loaded', (modelId) => {
  const path = models[modelId]?.path ?? modelId
  expect(() => resolve({ adapters: [{ modelId, scale: 1 }] })).toThrow(
    expect.objectContaining({ code: 'ADAPTER_UNUSABLE', data: { path, reason: 'missing', detail: path } }),
  )
  expect(() => resolve({ draft: { ...draft, modelId } })).toThrow(
    expect.objectContaining({ code: 'DRAFT_UNUSABLE', data: { path, reason: 'missing' } }),
  )
})
