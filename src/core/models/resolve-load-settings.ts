import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import { defaultLoadSettings } from '../../shared/lib/default-load-settings.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { EngineLoadSettings } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'

/** What a model's adapters and draft are looked up as. */
export type FindModel = (modelId: string) => Pick<Model, 'path' | 'isPresent'> | null | undefined

/**
 * What a person changed of a model's load settings, the rest by default, and other models by their
 * paths instead of ids. Throws ADAPTER_UNUSABLE or DRAFT_UNUSABLE with the reason `missing` where
 * one of those is not on the list any more (then its id stands for the path) or its file is not there.
 */
export function resolveLoadSettings(overrides: LoadOverrides, findModel: FindModel): EngineLoadSettings {
  const { adapters, draft, ...settings } = { ...defaultLoadSettings, ...overrides }
  return {
    ...settings,
    adapters: adapters.map(({ modelId, scale }) => {
      const adapter = findModel(modelId)
      const path = adapter?.path ?? modelId
      if (!adapter?.isPresent) throw new AppFailure('ADAPTER_UNUSABLE', { path, reason: 'missing', detail: path })
      return { path, scale }
    }),
    draft: draft.type === 'model' ? resolveDraft(draft, findModel) : draft,
  }
}

function resolveDraft(
  { modelId, ...draft }: Extract<NonNullable<LoadOverrides['draft']>, { type: 'model' }>,
  findModel: FindModel,
): EngineLoadSettings['draft'] {
  const model = findModel(modelId)
  const path = model?.path ?? modelId
  if (!model?.isPresent) throw new AppFailure('DRAFT_UNUSABLE', { path, reason: 'missing' })
  return { ...draft, path }
}
