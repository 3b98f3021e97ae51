import type { ContextCut, RunCard } from '../../shared/contract/chats.ts'
import type { Runtime } from '../../shared/contract/models.ts'
import type { GenerateResult } from '../../shared/engine/messages.ts'
import type { AnswerPlan } from './answer-plan.ts'
import type { Run } from './run.ts'

interface RunFacts {
  run: Run
  plan: AnswerPlan
  runtime: Runtime
  result: GenerateResult
  cut: ContextCut | null
}

/** The speed leaves the first token out: the reading of the prompt pays for it, and `answerMs` begins with it. */
export function runCard({ run, plan, runtime, result, cut }: RunFacts): RunCard {
  const { chat, model, systemPrompt, sampling, answerStart } = plan
  const { answerTokens, answerMs } = result
  return {
    model: {
      id: model.id,
      name: model.name,
      fileName: model.fileName,
      sizeBytes: model.sizeBytes,
      sha256: model.sha256,
      architecture: model.architecture,
      quantization: model.quantization,
    },
    template: chat.mode === 'completion' ? 'none' : runtime.template,
    adapters: runtime.adapters,
    systemPrompt,
    sampling: { ...sampling, seed: result.seed },
    contextSize: runtime.contextSize,
    gpu: runtime.gpu,
    threads: runtime.threads,
    promptTokens: result.promptTokens,
    cachedTokens: result.cachedTokens,
    answerTokens,
    draft: result.draft && runtime.draft !== 'none' ? { method: runtime.draft, ...result.draft } : null,
    timeToFirstTokenMs: run.timeToFirstTextMs,
    promptMs: result.promptMs,
    tokensPerSecond: answerTokens > 1 && answerMs > 0 ? (answerTokens - 1) / (answerMs / 1000) : null,
    stopReason: result.stopReason,
    cut,
    givenCharacters: answerStart.length,
  }
}
