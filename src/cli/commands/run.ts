/** Asks a model: one question and its answer, or at a terminal a chat. Nothing is saved. */
import { text as readAll } from 'node:stream/consumers'
import type { SamplingOverrides } from '../../shared/lib/sampling.ts'
import { findModelByName } from '../../shared/lib/model-names.ts'
import { fill } from '../../shared/texts/fill.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'
import { chatCommand } from '../chat/chat-commands.ts'
import { Conversation } from '../chat/conversation.ts'
import { LineReader } from '../chat/line-reader.ts'
import { MessageInput } from '../chat/message-input.ts'
import { statsOf, writeAnswer } from '../chat/write-answer.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes } from '../command-failure.ts'
import { unlessAborted } from '../interrupts.ts'
import { withClient } from '../with-client.ts'

export interface RunOptions extends Pick<SamplingOverrides, 'temperature' | 'topP' | 'maxTokens' | 'seed'> {
  system?: string
  stats?: boolean
}

export async function run(context: CommandContext, model: string, prompt: string, options: RunOptions): Promise<void> {
  const { system = null, stats = false, temperature, topP, maxTokens, seed } = options
  const values = Object.entries({ temperature, topP, maxTokens, seed }).filter(([, value]) => value !== undefined)
  const question = await questionOf(context, prompt)
  await withClient(context, async (client) => {
    const known = findModelByName((await client.models.list()).models, model)
    const isCompletion = known?.kind === 'base'
    const conversation = new Conversation({ model, system, sampling: Object.fromEntries(values), isCompletion })
    if (question === null) await chat(context, client, conversation, stats)
    else await answerOnce(context, client, conversation, question, stats)
  })
}

/** What was named and what comes in on stdin, joined; null = a person is to be asked. */
async function questionOf({ signal, texts }: CommandContext, prompt: string): Promise<string | null> {
  if (process.stdin.isTTY) return prompt || null
  const input = await unlessAborted(readAll(process.stdin), signal)
  const question = [prompt, input.trimEnd()].filter((part) => part !== '').join('\n\n')
  if (question === '') throw new CommandFailure(texts.run.noQuestion, exitCodes.wrongUse)
  return question
}

async function answerOnce(
  context: CommandContext,
  client: HostClient,
  conversation: Conversation,
  question: string,
  stats: boolean,
): Promise<void> {
  conversation.ask(question)
  const answer = await writeAnswer(context, client, conversation, context.signal)
  if (context.isJson && answer.end) {
    const { reason, stopText, usage, timings, seed } = answer.end
    const { text, reasoning } = answer
    context.printJson({ model: conversation.model, text, reasoning, reason, stopText, usage, timings, seed })
  }
  if (stats) context.note(statsOf(context, answer))
}

async function chat(context: CommandContext, client: HostClient, conversation: Conversation, hasStats: boolean): Promise<void> {
  const { interrupts, signal, texts: { run: texts } } = context
  context.print(fill(texts.greeting, { model: conversation.model }))
  if (conversation.isCompletion) context.print(texts.baseModel)
  const reader = new LineReader()
  for (;;) {
    const message = await readMessage(context, reader)
    if (message === null) return
    if (message.trim() === '') continue
    if (!message.startsWith('/')) conversation.ask(message)
    else {
      const next = await chatCommand(context, conversation, message.trim())
      if (next === 'leave') return
      if (next === 'switch-stats') {
        hasStats = !hasStats
        context.print(hasStats ? texts.statsOn : texts.statsOff)
      }
      if (next !== 'answer') continue
    }
    await answerNow()
    if (signal.aborted) return
  }

  /** Ctrl-C stops the answer. A failure is told, and the chat goes on. */
  async function answerNow(): Promise<void> {
    const stopping = new AbortController()
    const endDiversion = interrupts.divert(() => stopping.abort())
    try {
      const answer = await writeAnswer(context, client, conversation, AbortSignal.any([stopping.signal, signal]))
      if (answer.text === '') conversation.messages.pop()
      else conversation.answered(answer.text)
      if (stopping.signal.aborted) context.note(texts.stopped)
      if (answer.end?.reason === 'length') context.note(texts.cutOff)
      if (hasStats && answer.end) context.note(statsOf(context, answer))
    } catch (error) {
      const { tellFailure } = await import('../tell-failure.ts')
      tellFailure(context, error)
      // Asked again, it would stand there twice.
      conversation.messages.pop()
    } finally {
      endDiversion()
    }
  }
}

/** null = the person leaves: Ctrl-D, or Ctrl-C twice where nothing is typed. */
async function readMessage({ print, signal, texts: { run: texts } }: CommandContext, reader: LineReader): Promise<string | null> {
  const input = new MessageInput()
  let isLeaving = false
  while (!signal.aborted) {
    const typed = await reader.read(input.isOpen ? '... ' : '>>> ', signal)
    if (typed.type === 'line') {
      const message = input.add(typed.line)
      if (message !== null) return message
      continue
    }
    print('')
    if (typed.type === 'ended') return null
    if (typed.line === '' && !input.isOpen) {
      if (isLeaving) return null
      isLeaving = true
      print(texts.leaveHint)
    }
    input.clear()
  }
  return null
}
