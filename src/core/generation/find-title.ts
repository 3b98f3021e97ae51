/** Has the model of a chat find a title for it, by one more turn of the chat: the KV cache knows all before it. */
import type { Message, StopReason } from '../../shared/contract/chats.ts'
import { defaultSampling } from '../../shared/lib/sampling.ts'
import { planAnswer } from './answer-plan.ts'
import { fitPrompt } from './fit-prompt.ts'
import type { GenerationOptions } from './generation-options.ts'
import { isChinese } from './prompt.ts'
import { newPathMessage } from './thread-path.ts'
import { withoutReasoning } from './without-reasoning.ts'

const mostTokens = 48
const mostGraphemes = 40
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const chineseTask = '给上面的对话起一个简短的标题，不超过十二个字。只写标题，不要引号和句号。'
const englishTask =
  'Write a short title for the conversation above, six words at most. ' +
  'Write only the title, without quotes or a full stop.'

/**
 * For the chat as it is down to `answer`; null if the model found none that is fit to be a title, or `signal`
 * aborted. Loads the model if it is not loaded. Rejects as `generate` does.
 */
export async function findTitle(
  options: GenerationOptions,
  answer: Message,
  signal: AbortSignal,
): Promise<string | null> {
  const { chats, models, readAttachment } = options
  const chat = chats.get(answer.chatId)
  const path = chats.path(answer.id)
  const question = path[0]!.text
  const card = answer.runCard
  const variant = {
    modelId: card && models.find(card.model.id) ? card.model.id : undefined,
    systemPrompt: card?.systemPrompt,
    sampling: { ...defaultSampling, temperature: 0, maxTokens: mostTokens },
  }
  const task = newPathMessage(isChinese(question) ? chineseTask : englishTask)
  const plan = await planAnswer(options, chat, [...path, task], variant)
  return models.use(plan.model, chat.id, { signal }, async (engine) => {
    const isReady = await engine.ready(signal)
    const load = engine.loadState
    if (!isReady || load.state !== 'ready') return null
    const count = engine.countPrompt.bind(engine)
    const fitted = await fitPrompt(plan, { runtime: load.runtime, count, readAttachment })
    if (!fitted || fitted.isTooLong || signal.aborted) return null
    let written = ''
    const { stopReason } = await engine.generate(
      { prompt: fitted.built.prompt, sampling: plan.sampling },
      { chatId: chat.id, signal, onText: (text) => (written += text) },
    )
    return titleFromModel(written, stopReason, question, answer.text)
  })
}

/**
 * The first line of what the model wrote, without what models like to put round a title. null if it is no
 * title: cut off, too long, in another language, several sentences, a piece of a template, or only the
 * question or the answer again.
 */
export function titleFromModel(
  written: string,
  stopReason: StopReason,
  question: string,
  answer: string,
): string | null {
  const lines = withoutReasoning(written).split(/[\r\n]+/)
  if (stopReason === 'stopped' || (stopReason !== 'end' && lines.length < 2)) return null
  const title = bare(lines[0]!.replace(/^\s*(#{1,2}\s|(标题|题目|Title)\s*[:：])/i, ''))
  const hasHan = /\p{Script=Han}/u.test(title)
  const isFit =
    title !== '' &&
    [...graphemes.segment(title)].length <= mostGraphemes &&
    hasHan === isChinese(question) &&
    !/[。！？!?].*\S|[<>|{}[\]#`]/u.test(title) &&
    title !== bare(question) &&
    !bare(answer).startsWith(title)
  return isFit ? title : null
}

/** Without spaces, quotes and emphasis round it, and without its full stop. */
function bare(text: string): string {
  return text.replace(/^[\s"'“”‘’「」『』《》*_]+|[\s"'“”‘’「」『』《》*_.。]+$/gu, '')
}
