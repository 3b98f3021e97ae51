import { expect, test } from 'vitest'
import type { Chat, RunCard } from '../../shared/contract/chats.ts'
import type { Model, Runtime } from '../../shared/contract/models.ts'
import type { CountedPrompt, GenerateRequest } from '../../shared/engine/messages.ts'
import { defaultSampling } from '../../shared/lib/sampling.ts'
import type { AnswerPlan } from './answer-plan.ts'
import { contextCut, fitPrompt } from './fit-prompt.ts'
import type { PathMessage } from './prompt.ts'

const contextSize = 4096
const oldest = { policy: 'drop-oldest', hasSummary: false } as const

function planOf(path: PathMessage[], policy: AnswerPlan['policy']): AnswerPlan {
  return {
    chat: { id: 'chat', mode: 'chat' } as Chat,
    model: { id: 'model' } as Model,
    systemPrompt: 'Be kind.',
    sampling: defaultSampling,
    policy,
    path,
    answerStart: '',
  }
}

/** Turns of about `length` characters. */
function pathOf(turnCount: number, length: number): PathMessage[] {
  const message = (index: number, role: PathMessage['role']): PathMessage => {
    const text = `${index} `.padEnd(length / 2, 'x')
    return { id: `${index}`, role, text, attachments: [], summary: null, runCard: null }
  }
  const roles = ['user', 'assistant'] as const
  const path = Array.from({ length: turnCount * 2 }, (_, index) => message(index, roles[index % 2]!))
  return [...path, message(turnCount * 2, 'user')]
}

/** An engine whose tokens are four characters each, with two of the template behind each message. */
function counting() {
  const counted: number[] = []
  const count = async (prompt: GenerateRequest['prompt']): Promise<CountedPrompt> => {
    const messages = 'messages' in prompt ? prompt.messages : []
    const segments = messages.flatMap(({ text }, messageIndex) => [
      { messageIndex, isAttached: false, tokenCount: Math.ceil(text.length / 4) },
      { messageIndex: null, isAttached: false, tokenCount: 2 },
    ])
    const promptTokens = segments.reduce((sum, { tokenCount }) => sum + tokenCount, 0)
    counted.push(promptTokens)
    return { promptTokens, contextSize, cachedTokens: 0, segments }
  }
  return { counted, options: { count, readAttachment: () => '', runtime: { contextSize } as Runtime } }
}

// Bug: a chat of ten thousand messages is tokenized as a whole to find out that it does not fit.
const policies = ['drop-oldest', 'drop-middle', 'summarise'] as const
test.each(policies)('counts no more of a very long chat than it must: %s', async (policy) => {
  const { counted, options } = counting()
  const plan = planOf(pathOf(5_000, 400), policy)
  const fitted = (await fitPrompt(plan, options))!
  expect(fitted.isTooLong).toBe(false)
  expect(fitted.counted.promptTokens).toBeLessThanOrEqual(contextSize - fitted.reservedTokens)
  expect(fitted.counted.promptTokens).toBeGreaterThan(contextSize / 4)
  expect(Math.max(...counted)).toBeLessThan(contextSize * 5)
  expect(counted.length).toBeLessThanOrEqual(3)
  const cut = contextCut(plan, fitted)!
  expect(cut).toMatchObject({ policy, fromMessageId: policy === 'drop-middle' ? '2' : '0', hasSummary: false })
  expect(cut.messageCount).toBe(Number(cut.toMessageId) - Number(cut.fromMessageId) + 1)
})

// Bug: after the window was made larger, or the policy changed, what was cut stays cut.
test('keeps the cut of the answer before only under the same policy, in no larger context', async () => {
  const path = pathOf(6, 400)
  const cut = { ...oldest, fromMessageId: '0', toMessageId: '3', messageCount: 4 }
  const cutOf = async (policy: AnswerPlan['policy'], cardContextSize: number) => {
    path[11]!.runCard = { cut, contextSize: cardContextSize } as RunCard
    return (await fitPrompt(planOf(path, policy), counting().options))!.cut
  }
  expect(await cutOf('drop-oldest', contextSize)).toEqual({ from: 0, to: 3 })
  expect(await cutOf('drop-oldest', contextSize / 2)).toBeNull()
  expect(await cutOf('drop-middle', contextSize)).toBeNull()
  expect(await cutOf('stop', contextSize)).toBeNull()
})

test('of a fork, whose messages have other ids, nothing is cut by the old ones', async () => {
  const path = pathOf(6, 400)
  const cut = { ...oldest, fromMessageId: 'a', toMessageId: 'b', messageCount: 4 }
  path[11]!.runCard = { cut, contextSize } as RunCard
  expect((await fitPrompt(planOf(path, 'drop-oldest'), counting().options))!.cut).toBeNull()
})

test('says so when not even the last message fits, and when the policy is to stop', async () => {
  const long = [...pathOf(3, 400).slice(0, -1), { ...pathOf(0, 40_000)[0]!, id: 'last' }]
  for (const policy of ['stop', ...policies] as const) {
    expect((await fitPrompt(planOf(long, policy), counting().options))!.isTooLong).toBe(true)
  }
  expect((await fitPrompt(planOf(pathOf(50, 400), 'stop'), counting().options))!.isTooLong).toBe(true)
})
