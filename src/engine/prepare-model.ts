/** Makes a loaded model ready to answer: its template, its slots, and a first look at its speed. */
import type { LlamaContext, LlamaModel, Token } from 'node-llama-cpp'
import type { EngineLoadSettings } from '../shared/engine/messages.ts'
import { chooseChatTemplate, type ChatTemplate } from '../shared/lib/chat-templates.ts'
import { endsOf } from './answer-ends.ts'
import { shareBatches } from './batching.ts'
import type { Drafting } from './draft.ts'
import { SlotGuidance } from './guidance.ts'
import type { LoadedModel } from './loaded-model.ts'
import { PromptPace } from './prompt-pace.ts'
import { PromptTokenizer } from './prompt-tokens.ts'
import { tokenBytesOf } from './token-bytes.ts'

/** `openSecondContext`: like `context`, with one sequence. */
export async function prepareModel(
  model: LlamaModel,
  context: LlamaContext,
  settings: EngineLoadSettings,
  drafting: Drafting,
  openSecondContext: () => Promise<LlamaContext>,
): Promise<LoadedModel> {
  const { LlamaVocabularyType } = await import('node-llama-cpp')
  const { ggml } = model.fileInfo.metadata.tokenizer
  const template = templateOf(model, settings)
  const beginsWithSpace = model.vocabularyType === LlamaVocabularyType.spm && ggml.add_space_prefix !== false
  const createPrompts = () => new PromptTokenizer(model, template, beginsWithSpace)
  const openSecondReading = async () => {
    const context = await openSecondContext()
    return { context, sequence: context.getSequence(), prompts: createPrompts() }
  }
  const pace = new PromptPace(context.batchSize - context.totalSequences + 1)
  shareBatches(context, pace)
  const loaded: LoadedModel = {
    model,
    context,
    slots: Array.from({ length: context.totalSequences }, () => ({
      sequence: context.getSequence(),
      prompts: createPrompts(),
      draft: drafting.createDraft(),
      guidance: new SlotGuidance(openSecondReading),
    })),
    template,
    answerEnds: endsOf(model, [...template.stopTexts, ...settings.stopTexts]),
    completionEnds: endsOf(model, settings.stopTexts),
    beginsWithSpace,
    tokenBytes: await tokenBytesOf(model),
    pace,
    draft: drafting.method,
  }
  await warmUp(loaded)
  return loaded
}

function templateOf(model: LlamaModel, settings: EngineLoadSettings): ChatTemplate {
  const { ggml, chat_template: jinja } = model.fileInfo.metadata.tokenizer
  const vocabulary = {
    size: ggml.tokens.length,
    hasToken: (text: string) => ggml.tokens.includes(text),
    bosText: model.tokens.bosString ?? '',
    eosText: model.tokens.eosString ?? '',
  }
  return chooseChatTemplate(jinja ?? null, vocabulary, settings.template)
}

/** Touches the weights and learns how fast the prompt is read, so that the first stop is as quick as any. */
async function warmUp({ slots, model, pace }: LoadedModel): Promise<void> {
  const { sequence } = slots[0]!
  const tokens = Array.from({ length: pace.pieceLength }, () => model.tokens.bos ?? (0 as Token))
  await sequence.evaluateWithoutGeneratingNewTokens(tokens)
  await sequence.clearHistory()
}
