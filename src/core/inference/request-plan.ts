/** What an answer to a request is made with: the values that count for its model, and its prompt. */
import type { InferenceRequest, Tool } from '../../shared/contract/inference.ts'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import type { Preset } from '../../shared/contract/presets.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { chatValues, samplingOf } from '../../shared/lib/chat-values.ts'
import { defaultDraftLimits } from '../../shared/lib/default-load-settings.ts'
import { fillPromptVariables } from '../../shared/lib/prompt-variables.ts'
import type { Sampling } from '../../shared/lib/sampling.ts'
import { languageOf } from '../generation/answer-plan.ts'
import type { LoadableModel, OnDemand } from '../models/loaded-models.ts'
import type { FoundModel } from './inference.ts'
import { loadableOf } from './named-models.ts'
import { requestPrompt } from './request-prompt.ts'

export interface RequestPlan {
  found: FoundModel
  loadable: LoadableModel
  prompt: GenerateRequest['prompt']
  sampling: Sampling
  /** Those that may be called. */
  tools: readonly Tool[]
  /** The answer is a call, and no text. */
  mustCall: boolean
  onDemand: OnDemand
}

export interface RequestPlanOptions {
  getSettings: () => Settings
  listPresets: () => readonly Preset[]
  find: (name: string) => FoundModel
}

/**
 * The request counts over the derived model, that over the model's preset, that over its family's values. Throws
 * REQUEST_INVALID; MODEL_UNKNOWN of the draft model.
 */
export function planRequest(
  { getSettings, listPresets, find }: RequestPlanOptions,
  found: FoundModel,
  request: Pick<InferenceRequest, 'prompt'> & Partial<InferenceRequest>,
): RequestPlan {
  const { model, derived } = found
  const settings = getSettings()
  const values = chatValues({
    chat: {
      systemPrompt: derived?.systemPrompt || null,
      sampling: { ...derived?.sampling, ...request.sampling },
      presetId: null,
    },
    folders: [],
    model,
    modelPresetId: settings.modelPresets[model.id] ?? null,
    presets: listPresets(),
  })
  const facts = { now: new Date(), modelName: model.name, language: languageOf(settings) }
  const fill = (text: string) => fillPromptVariables(text, facts)
  const sampling = samplingOf(values)
  const { tools, mustCall } = callable(request.prompt)
  return {
    found,
    loadable: loadableOf(found),
    prompt: requestPrompt(request.prompt, tools, fill(values.systemPrompt.value)),
    sampling: { ...sampling, negativePrompt: fill(sampling.negativePrompt) },
    tools,
    mustCall,
    onDemand: { ttlSeconds: request.ttlSeconds, loadChanges: loadChanges(request, find) },
  }
}

function callable(prompt: InferenceRequest['prompt']): Pick<RequestPlan, 'tools' | 'mustCall'> {
  if (prompt.type === 'text' || prompt.toolChoice.type === 'none') return { tools: [], mustCall: false }
  const { tools, toolChoice } = prompt
  if (toolChoice.type === 'auto') return { tools, mustCall: false }
  const chosen = toolChoice.type === 'tool' ? tools.filter(({ name }) => name === toolChoice.name) : tools
  if (chosen.length === 0) {
    throw new AppFailure('REQUEST_INVALID', { field: 'tool_choice', detail: 'must be one of the tools' })
  }
  return { tools: chosen, mustCall: true }
}

function loadChanges(
  { contextSize, draftModel }: Partial<InferenceRequest>,
  find: RequestPlanOptions['find'],
): LoadOverrides | undefined {
  const changes: LoadOverrides = {}
  if (contextSize !== undefined) changes.contextSize = contextSize
  if (draftModel) changes.draft = { type: 'model', modelId: find(draftModel).model.id, ...defaultDraftLimits }
  return Object.keys(changes).length > 0 ? changes : undefined
}
