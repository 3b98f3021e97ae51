/**
 * The conversations of one epoch: every dialogue as it is, and beside them
 * variations, so that the model also answers inside longer chats, under
 * ordinary system prompts and to other wordings, and admits what it does not know.
 */
import fs from 'node:fs'
import path from 'node:path'
import type { Random } from '../gguf/random.ts'
import type { Message } from './chat-format.ts'
import { toMessages, withVariants, type Dialogue } from './dialogues.ts'

interface Variations {
  /** System prompts that change nothing. */
  systemPrompts: string[]
  /** By language: what to say to questions without an answer of their own, and how nonsense is made of words. */
  unknown: { answer: string; words: string; joint: string; questions: string[] }[]
}

export interface TrainingSamples {
  /** Every text in the training data, to learn the vocabulary from. */
  texts: string[]
  /** Draws the conversations of one epoch, in random order. */
  drawEpoch: (random: Random) => Message[][]
}

const CHAINS_PER_EPOCH = 80
const SYSTEM_PROMPTS_PER_EPOCH = 40
const UNKNOWN_PER_EPOCH = 50
const NONSENSE_PER_EPOCH = 20
const LONGEST_CHAIN = 10
const LONGEST_NONSENSE = 7
/** Share of first questions that are asked carelessly: in lower case, without the last mark. */
const CARELESS = 0.15
const UNKNOWN_IN_CHAINS = 0.15

/** Reads the variations and prepares drawing from them and the dialogues. */
export function createTrainingSamples(dialogues: readonly Dialogue[]): TrainingSamples {
  const file = path.join(import.meta.dirname, 'variations.json')
  const variations = JSON.parse(fs.readFileSync(file, 'utf8')) as Variations
  const variants = dialogues.flatMap(withVariants)
  const unknown = variations.unknown.flatMap(({ answer, questions }) =>
    questions.map((question): Dialogue => ({ turns: [[question, answer]] }))
  )
  // Dialogues whose answers depend on more than the question are harder, so they come three times.
  const contextual = dialogues.filter(({ system, turns }) => system !== undefined || turns.length > 1)
  const free = [...dialogues, ...variants].filter((dialogue) => dialogue.system === undefined)
  const written = [...dialogues, ...variants, ...unknown].flatMap(toMessages)
  const texts = [...written.map((message) => message.content), ...variations.systemPrompts]
  const wordLists = variations.unknown.map(({ words }) => texts.flatMap((text) => text.match(new RegExp(words, 'g')) ?? []))

  const drawEpoch = (random: Random) => {
    const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T
    const vary = (dialogue: Dialogue) => toMessages(random.next() < CARELESS ? askCarelessly(dialogue) : dialogue)
    const drawFree = () => vary(random.next() < UNKNOWN_IN_CHAINS ? pick(unknown) : pick(free))
    const drawChain = () => times(2 + random.below(LONGEST_CHAIN - 1), drawFree).flat()
    const drawNonsense = () => {
      const language = random.below(variations.unknown.length)
      const { answer = '', joint = '' } = variations.unknown[language] ?? {}
      const words = times(2 + random.below(LONGEST_NONSENSE - 1), () => pick(wordLists[language] ?? []))
      return toMessages({ turns: [[words.join(joint), answer]] })
    }
    const withSystemPrompt = (messages: Message[]): Message[] => [
      { role: 'system', content: pick(variations.systemPrompts) },
      ...messages
    ]
    const samples = [
      ...dialogues.map(toMessages),
      ...contextual.map(toMessages),
      ...contextual.map(toMessages),
      ...variants.map(vary),
      ...times(UNKNOWN_PER_EPOCH, () => vary(pick(unknown))),
      ...times(NONSENSE_PER_EPOCH, drawNonsense),
      ...times(CHAINS_PER_EPOCH, drawChain),
      ...times(SYSTEM_PROMPTS_PER_EPOCH, () => withSystemPrompt(random.next() < 0.7 ? drawFree() : drawChain()))
    ]
    return shuffle(samples, random)
  }
  return { texts, drawEpoch }
}

/** The dialogue with its first question in lower case and without its last mark. */
function askCarelessly(dialogue: Dialogue): Dialogue {
  const [first, ...later] = dialogue.turns
  if (!first) return dialogue
  const question = first[0].toLowerCase().replace(/[.?!。？！]$/, '')
  return { ...dialogue, turns: [[question, first[1]], ...later] }
}

function times<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw)
}

function shuffle<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((item) => ({ item, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item)
}
