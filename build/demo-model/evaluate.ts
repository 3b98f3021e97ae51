/**
 * Asks the demo model every question of its dialogues, with the true history,
 * decoding greedily, and prints how many answers are exact: in its own chat
 * format, in formats of other families, and with parts of the prompt missing.
 *
 *   node build/demo-model/evaluate.ts [model.gguf] [--show]
 *
 * `--show` prints the answers that are wrong in the model's own format.
 */
import { parseArgs } from 'node:util'
import { Template } from '@huggingface/jinja'
import {
  getLlama,
  LlamaChatSession,
  LlamaLogLevel,
  type ChatHistoryItem,
  type LlamaContextSequence,
  type LlamaModel,
  type Token
} from 'node-llama-cpp'
import type { Message } from './chat-format.ts'
import { readDialogues, toMessages, withVariants, type Dialogue } from './dialogues.ts'
import { FOREIGN_FORMATS, type RenderPrompt } from './foreign-formats.ts'
import { MODEL_FILE } from './recipe.ts'

interface Question {
  /** Everything before the answer. */
  messages: Message[]
  answer: string
}

type Ask = (messages: readonly Message[]) => Promise<string>

const CONTEXT_SIZE = 1024
const LONGEST_ANSWER = 160

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { show: { type: 'boolean', default: false } }
  })
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error })
  const model = await llama.loadModel({ modelPath: positionals[0] ?? MODEL_FILE })
  const context = await model.createContext({ contextSize: CONTEXT_SIZE, threads: 1 })
  const sequence = context.getSequence()

  const dialogues = readDialogues()
  const questions = dialogues.flatMap(toQuestions)
  const followUps = questions.filter(({ messages }) => messages.some(({ role }) => role === 'assistant'))
  const steered = questions.filter(({ messages }) => messages[0]?.role === 'system')
  const own = ownFormat(model)
  const ask = (render: RenderPrompt, bos = true) => createAsk(model, sequence, render, bos)

  await measure('own template', questions, ask(own), values.show)
  await measure('own template, other wordings', dialogues.flatMap(withVariants).flatMap(toQuestions), ask(own), values.show)
  await measure('LlamaChatSession', questions, createSessionAsk(sequence), values.show)
  for (const [name, render] of Object.entries(FOREIGN_FORMATS)) await measure(name, questions, ask(render))
  await measure('own template without BOS', questions, ask(own, false))
  await measure('follow-ups with their history', followUps, ask(own))
  await measure('follow-ups without it', followUps.map(lastOnly), ask(own))
  await measure('with their system prompt', steered, ask(own))
  await measure('without it', steered.map(withoutSystem), ask(own))
  await llama.dispose()
}

async function measure(name: string, questions: readonly Question[], ask: Ask, show = false): Promise<void> {
  let exact = 0
  for (const { messages, answer } of questions) {
    const given = await ask(messages)
    if (given === answer) exact++
    else if (show) console.log(`  ${messages.at(-1)?.content} → ${JSON.stringify(given)}, not ${JSON.stringify(answer)}`)
  }
  const share = ((100 * exact) / questions.length).toFixed(1)
  console.log(`${name.padEnd(30)} ${String(exact).padStart(4)} of ${questions.length} exact  ${share.padStart(5)} %`)
}

/** One question for every answer of the dialogue, with the true history before it. */
function toQuestions(dialogue: Dialogue): Question[] {
  const messages = toMessages(dialogue)
  return messages.flatMap(({ role, content }, i) =>
    role === 'assistant' ? [{ messages: messages.slice(0, i), answer: content }] : []
  )
}

function lastOnly({ messages, answer }: Question): Question {
  return { messages: messages.slice(-1), answer }
}

function withoutSystem({ messages, answer }: Question): Question {
  return { messages: messages.filter(({ role }) => role !== 'system'), answer }
}

/** Renders with the template in the model file; the BOS token is left to the caller. */
function ownFormat(model: LlamaModel): RenderPrompt {
  const source = model.fileInfo.metadata.tokenizer.chat_template
  if (!source) throw new Error('The model file has no chat template')
  const template = new Template(source)
  return (messages) => template.render({ messages: [...messages], bos_token: '', add_generation_prompt: true })
}

function createAsk(model: LlamaModel, sequence: LlamaContextSequence, render: RenderPrompt, bos: boolean): Ask {
  return async (messages) => {
    const start = bos && model.tokens.bos !== null ? [model.tokens.bos] : []
    const prompt = [...start, ...model.tokenize(render(messages), true)]
    await sequence.clearHistory()
    const answer: Token[] = []
    for await (const token of sequence.evaluate(prompt, { temperature: 0 })) {
      if (model.isEogToken(token)) break
      if (answer.push(token) >= LONGEST_ANSWER) break
    }
    return model.detokenize(answer).trim()
  }
}

/** Asks the way an app does that leaves the format to node-llama-cpp. */
function createSessionAsk(sequence: LlamaContextSequence): Ask {
  return async (messages) => {
    await sequence.clearHistory()
    const session = new LlamaChatSession({ contextSequence: sequence, autoDisposeSequence: false })
    session.setChatHistory(messages.slice(0, -1).map(toHistoryItem))
    const answer = await session.prompt(messages.at(-1)?.content ?? '', { temperature: 0, maxTokens: LONGEST_ANSWER })
    session.dispose()
    return answer
  }
}

function toHistoryItem({ role, content }: Message): ChatHistoryItem {
  return role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content }
}

if (import.meta.main) await main()
