/**
 * Chats as training data, out and in: ShareGPT (`conversations` of `{from, value}`; FastChat, LLaMA-Factory) and Alpaca
 * (`instruction`, `input`, `output`, with `system` and `history` as LLaMA-Factory and the Chinese-LLaMA-Alpaca projects
 * read them). Both are the path shown: they know no branches. Reading takes the other names in use as well, and
 * OpenAI's `messages` of `{role, content}`.
 */
import type { ForeignChat, ForeignNode } from './foreign-chat.ts'
import { listOf, objectOf, textOf } from './loose-values.ts'
import type { LooseObject } from './loose-values.ts'

export interface Exchange {
  system: string
  /** User and assistant in turn; answers without text are left out. */
  turns: { role: 'user' | 'assistant'; text: string }[]
}

const namesOfSenders = { user: 'human', assistant: 'gpt' } as const

/** null where there is nothing to learn from: no answer. */
export function toShareGpt({ system, turns }: Exchange): { conversations: { from: string; value: string }[] } | null {
  if (!turns.some(({ role }) => role === 'assistant')) return null
  return {
    conversations: [
      ...(system ? [{ from: 'system', value: system }] : []),
      ...turns.map(({ role, text }) => ({ from: namesOfSenders[role], value: text })),
    ],
  }
}

export interface AlpacaRecord {
  instruction: string
  input: string
  output: string
  system: string
  history: [string, string][]
}

/** The last question with its answer; those before it are the history. null where no question was answered. */
export function toAlpaca({ system, turns }: Exchange): AlpacaRecord | null {
  const pairs: [string, string][] = []
  let question: string[] = []
  for (const { role, text } of turns) {
    if (role === 'user') question.push(text)
    else {
      pairs.push([question.join('\n\n'), text])
      question = []
    }
  }
  const last = pairs.pop()
  return last ? { instruction: last[0], input: '', output: last[1], system, history: pairs } : null
}

const roles: Record<string, ForeignNode['role']> = {
  human: 'user',
  user: 'user',
  prompter: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  system: 'system',
  function_call: 'tool',
  observation: 'tool',
  tool: 'tool',
  function: 'tool',
}

export function chatFromShareGpt(record: LooseObject): ForeignChat {
  let unknownRoleCount = 0
  const turns = listOf(record['conversations'] ?? record['conversation'] ?? record['messages']).flatMap((value) => {
    const { from, value: said, role: named, content } = objectOf(value)
    const role = roles[(textOf(from) || textOf(named)).toLowerCase()]
    if (!role) unknownRoleCount++
    return role ? [{ role, text: textOf(said) || textOf(content) }] : []
  })
  return {
    key: null,
    title: textOf(record['title']),
    systemPrompt: textOf(record['system']) || null,
    nodes: chain(turns),
    unknownRoleCount,
  }
}

export function chatFromAlpaca(record: LooseObject): ForeignChat {
  const history = listOf(record['history']).flatMap((pair) => {
    const [question, answer] = listOf(pair)
    return [
      { role: 'user' as const, text: textOf(question) },
      { role: 'assistant' as const, text: textOf(answer) },
    ]
  })
  const question = [record['instruction'], record['input']].map(textOf).filter(Boolean).join('\n')
  return {
    key: null,
    title: '',
    systemPrompt: textOf(record['system']) || null,
    nodes: chain([
      ...history,
      { role: 'user', text: question },
      { role: 'assistant', text: textOf(record['output']) || textOf(record['response']) },
    ]),
  }
}

/** Each under the one before it. */
export function chain(turns: Pick<ForeignNode, 'role' | 'text'>[]): ForeignNode[] {
  return turns.map((turn, index) => ({
    ...turn,
    key: String(index),
    parentKey: index === 0 ? null : String(index - 1),
  }))
}
