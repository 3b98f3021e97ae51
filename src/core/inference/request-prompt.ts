/** The messages of a request in the form that every template takes: a system message, then turns that alternate. */
import type { InferenceMessage, InferencePrompt, Tool, ToolCall } from '../../shared/contract/inference.ts'
import type { GenerateRequest, PromptMessage } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { callText, toolInstructions, toolResponse } from './tool-texts.ts'

/** `systemPrompt` is used where the request has no system message. Throws REQUEST_INVALID. */
export function requestPrompt(
  prompt: InferencePrompt,
  tools: readonly Tool[],
  systemPrompt: string,
): GenerateRequest['prompt'] {
  if (prompt.type === 'text') {
    const { text, suffix } = prompt
    return suffix === '' ? { text, isRendered: true } : { text, suffix }
  }
  const { messages } = prompt
  if (messages.length === 0) throw new AppFailure('REQUEST_INVALID', { field: 'messages', detail: 'must not be empty' })
  const last = messages.at(-1)!
  const goesOn = last.role === 'assistant' && last.toolCalls.length === 0
  const path = goesOn ? messages.slice(0, -1) : messages

  const ownSystem = messages.flatMap((message) => (message.role === 'system' ? message.text : []))
  const system = [...(ownSystem.length > 0 ? ownSystem : [systemPrompt]), toolInstructions(tools)]
  const systemText = system.filter((text) => text.trim() !== '').join('\n\n')
  const turns: PromptMessage[] = systemText === '' ? [] : [{ role: 'system', text: systemText }]
  for (const message of path) {
    const turn = turnOf(message)
    if (!turn || turn.text === '') continue
    const before = turns.at(-1)
    if (before?.role === turn.role) before.text += `\n\n${turn.text}`
    else turns.push(turn)
  }
  return goesOn && last.text !== '' ? { messages: turns, answerStart: last.text } : { messages: turns }
}

function turnOf(message: InferenceMessage): PromptMessage | null {
  if (message.role === 'system') return null
  if (message.role === 'user') return { role: 'user', text: message.text }
  if (message.role === 'tool') return { role: 'user', text: toolResponse(message.text) }
  return { role: 'assistant', text: withCalls(message.text, message.toolCalls) }
}

function withCalls(text: string, calls: readonly ToolCall[]): string {
  return [text, ...calls.map(callText)].filter((part) => part !== '').join('\n')
}
