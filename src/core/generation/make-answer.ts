/**
 * Makes one answer: has the model loaded, makes its prompt fit, has a summary written where the context policy
 * wants one, and lets the model write. Whatever happens, it resolves with what the answer has become.
 */
import type { Message, RunCard } from '../../shared/contract/chats.ts'
import type { Model, Runtime } from '../../shared/contract/models.ts'
import type { GenerateResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { EngineState, EngineSupervisor } from '../engine/engine-supervisor.ts'
import { internalFailure } from '../internal-failure.ts'
import type { AnswerPlan } from './answer-plan.ts'
import { buildPlan, contextCut, fitPrompt, promptTooLong, type FittedPrompt } from './fit-prompt.ts'
import type { GenerationOptions } from './generation-options.ts'
import type { Run } from './run.ts'
import { runCard } from './run-card.ts'
import { summarise } from './summarise.ts'

/** The speed of fewer tokens is chance. */
const minTokensForSpeed = 16

export type Outcome = Pick<Message, 'status' | 'failure' | 'runCard'>

/** Of an answer that was stopped before anything was written. */
export const stoppedOutcome: Outcome = { status: 'stopped', failure: null, runCard: null }

/** `fitted`: the plan's prompt, if it was made to fit already. */
export async function makeAnswer(
  run: Run,
  plan: AnswerPlan,
  fitted: FittedPrompt | null,
  options: GenerationOptions,
): Promise<Outcome> {
  const { models, log } = options
  let runtime = null as Runtime | null
  const onLoadState = (load: EngineState) => {
    if (load.state === 'loading') run.setPhase({ phase: 'loading', fraction: load.fraction })
    if (load.state === 'ready') runtime = load.runtime
  }
  const use = { signal: run.signal, onWaiting: () => run.setPhase({ phase: 'waiting' }), onLoadState }
  try {
    const made = await models.use(plan.model, plan.chat.id, use, async (engine) => {
      const load = (await engine.ready(run.signal)) && engine.loadState
      if (!load) return null
      const isStillFit = fitted !== null && load.state === 'ready' && load.runtime === fitted.runtime
      return answerWith(engine, isStillFit ? fitted : await fit(engine, plan, options), run, plan, options)
    })
    if (!runtime || !made) return stoppedOutcome
    const { result, cut } = made
    const card = runCard({ run, plan, runtime, result, cut })
    tellSpeed(plan.model, card, options)
    return { status: result.stopReason === 'stopped' ? 'stopped' : 'complete', failure: null, runCard: card }
  } catch (error) {
    const failure = error instanceof AppFailure ? error : internalFailure(log, 'An answer failed unexpectedly', error)
    const status = failure.code === 'ENGINE_CRASHED' ? 'interrupted' : 'failed'
    return { status, failure: failure.toFailure(), runCard: null }
  }
}

/** null if it was stopped before the model began to answer. */
async function answerWith(
  engine: EngineSupervisor,
  fitted: FittedPrompt,
  run: Run,
  plan: AnswerPlan,
  options: GenerationOptions,
) {
  const { signal } = run
  if (fitted.isTooLong) throw promptTooLong(fitted)
  if (plan.policy === 'summarise' && fitted.isNewCut && fitted.built.summaryText === '') {
    run.setPhase({ phase: 'summarising' })
    if (await summariseCut(engine, fitted, plan, options, signal)) {
      fitted.built = await buildPlan(plan, fitted.cut, options.readAttachment)
    }
  }
  if (signal.aborted) return null
  const result: GenerateResult = await engine.generate(
    { prompt: fitted.built.prompt, sampling: plan.sampling },
    {
      chatId: plan.chat.id,
      signal,
      onPromptProgress: (readTokens, totalTokens) => run.setPhase({ phase: 'reading', readTokens, totalTokens }),
      onText: (text) => run.append(text),
    },
  )
  return { result, cut: contextCut(plan, fitted) }
}

async function fit(engine: EngineSupervisor, plan: AnswerPlan, options: GenerationOptions): Promise<FittedPrompt> {
  const load = engine.loadState
  const fitted =
    load.state === 'ready' &&
    (await fitPrompt(plan, {
      runtime: load.runtime,
      count: (prompt) => engine.countPrompt(prompt),
      readAttachment: options.readAttachment,
    }))
  if (!fitted) throw new AppFailure('ENGINE_CRASHED', { model: plan.model.name, reason: '' })
  return fitted
}

/** Saves the summary of what is cut on its last message. False if there is none: then it is only left out. */
async function summariseCut(
  engine: EngineSupervisor,
  { cut, counted }: FittedPrompt,
  { chat, path, model }: AnswerPlan,
  { chats, log }: GenerationOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const left = path.slice(cut!.from, cut!.to + 1)
  // An answer beside this one may have had it written meanwhile.
  if (left.at(-1)!.summary) return true
  const known = left.findLastIndex(({ summary }) => summary !== null)
  const text = await summarise(engine, {
    chatId: chat.id,
    messages: left.slice(known + 1),
    earlier: left[known]?.summary?.text ?? '',
    contextSize: counted.contextSize,
    signal,
  })
  if (text === null) return false
  const last = left.at(-1)!
  last.summary = { text, modelName: model.name, isEdited: false }
  try {
    chats.saveSummary(last.id!, last.summary)
  } catch (error) {
    log.warn('A summary was not saved', { reason: String(error) })
  }
  return true
}

function tellSpeed(model: Model, { answerTokens, draft, tokensPerSecond }: RunCard, options: GenerationOptions): void {
  const speed = draft ? draft.plainTokensPerSecond : tokensPerSecond
  if (speed === null || answerTokens < minTokensForSpeed) return
  try {
    options.onSpeed?.(model, speed)
  } catch (error) {
    options.log.warn('The speed of an answer was not noted', { reason: String(error) })
  }
}
