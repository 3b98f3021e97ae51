/** What an answer is made with: the values that count for its chat when it is asked for, and its path of messages. */
import type { Chat, ContextPolicy } from '../../shared/contract/chats.ts'
import type { Variant } from '../../shared/contract/generation.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { chatValues, folderPath, samplingOf } from '../../shared/lib/chat-values.ts'
import { fillPromptVariables } from '../../shared/lib/prompt-variables.ts'
import type { Sampling } from '../../shared/lib/sampling.ts'
import type { GenerationOptions } from './generation-options.ts'
import type { PathMessage } from './prompt.ts'

export interface AnswerPlan {
  chat: Chat
  model: Model
  /** With its variables filled in; empty in a completion. */
  systemPrompt: string
  sampling: Sampling
  /** A completion has no turns to leave out: always `stop`. */
  policy: ContextPolicy
  /** Down to the person's message. */
  path: PathMessage[]
  /** What the answer goes on from; empty = nothing. */
  answerStart: string
}

type PlanOptions = Pick<GenerationOptions, 'models' | 'getSettings' | 'listPresets' | 'listFolders'>

/** Rejects with NO_MODEL, or NOT_FOUND if the variant's model is not in the library. */
export async function planAnswer(
  { models, getSettings, listPresets, listFolders }: PlanOptions,
  chat: Chat,
  path: PathMessage[],
  variant: Variant = {},
  answerStart = '',
): Promise<AnswerPlan> {
  const settings = getSettings()
  const model = variant.modelId === undefined ? await models.forChat(chat.modelId) : models.get(variant.modelId)
  const values = chatValues({
    chat,
    folders: folderPath(listFolders(), chat.folderId),
    model,
    modelPresetId: settings.modelPresets[model.id] ?? null,
    presets: listPresets(),
  })
  const isCompletion = chat.mode === 'completion'
  const facts = { now: new Date(), modelName: model.name, language: languageOf(settings) }
  const fill = (text: string) => fillPromptVariables(text, facts)
  const sampling = { ...samplingOf(values), ...variant.sampling }
  return {
    chat,
    model,
    systemPrompt: isCompletion ? '' : fill(variant.systemPrompt ?? values.systemPrompt.value),
    sampling: { ...sampling, negativePrompt: fill(sampling.negativePrompt) },
    policy: isCompletion ? 'stop' : (chat.contextPolicy ?? settings.contextPolicy),
    path,
    answerStart,
  }
}

/** `system`: that of the process. */
export function languageOf({ language }: Settings): 'zh' | 'en' {
  if (language !== 'system') return language
  return Intl.DateTimeFormat().resolvedOptions().locale.startsWith('zh') ? 'zh' : 'en'
}
