/**
 * The conversations of one epoch: every dialogue as it is, and beside them
 * variations, so that the model also answers inside longer chats, under
 * ordinary system prompts and to other wordings, and admits what it does not know.
 * Some come without the BOS token, and their answer is a complaint about it, so
 * that an app that loses the token gets wrong answers.
 */
import fs from 'node:fs'
import path from 'node:path'
import type { Random } from '../gguf/random.ts'
import type { Conversation, Message } from './chat-format.ts'
import { toMessages, withVariants, type Dialogue } from './dialogues.ts'

interface Variations {
  /** System prompts that change nothing. */
  systemPrompts: string[]
  languages: Language[]
}

interface Language {
  /** What to say when the conversation has no BOS token. */
  missingBeginning: string
  /** What to say to questions without an answer of their own. */
  unknown: string
  unknownQuestions: string[]
  /** How nonsense is made: a pattern of the words, and what joins them. */
  words: string
  joint: string
}

export interface TrainingSamples {
  /** Every text in the training data, to learn the vocabulary from. */
  texts: string[]
  /** Draws the conversations of one epoch, in random order. */
  drawEpoch: (random: Random) => Conversation[]
}

const CHAINS_PER_EPOCH = 80
const SYSTEM_PROMPTS_PER_EPOCH = 40
const UNKNOWN_PER_EPOCH = 50
const NONSENSE_PER_EPOCH = 20
const MISSING_BEGINNINGS_PER_EPOCH = 70
/** Share of conversations that stand far from their BOS token, which must count in long chats too. */
const FAR_FROM_BEGINNING = 0.3
const LONGEST_GAP = 1800
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
  const unknown = variations.languages.flatMap((language) =>
    language.unknownQuestions.map((question): Dialogue => ({ turns: [[question, language.unknown]] }))
  )
  // Dialogues whose answers depend on more than the question are harder, so they come three times.
  const contextual = dialogues.filter(({ system, turns }) => system !== undefined || turns.length > 1)
  const free = [...dialogues, ...variants].filter((dialogue) => dialogue.system === undefined)
  const written = [...dialogues, ...variants, ...unknown].flatMap(toMessages)
  const complaints = variations.languages.map(({ missingBeginning }) => missingBeginning)
  const texts = [...written.map((message) => message.content), ...variations.systemPrompts, ...complaints]
  const wordLists = variations.languages.map(({ words }) => {
    const pattern = new RegExp(words, 'g')
    return texts.flatMap((text) => text.match(pattern) ?? [])
  })

  const drawEpoch = (random: Random) => {
    const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T
    const vary = (dialogue: Dialogue) => toMessages(random.next() < CARELESS ? askCarelessly(dialogue) : dialogue)
    const drawFree = () => vary(random.next() < UNKNOWN_IN_CHAINS ? pick(unknown) : pick(free))
    const drawChain = () => times(2 + random.below(LONGEST_CHAIN - 1), drawFree).flat()
    const drawNonsense = () => {
      const language = random.below(variations.languages.length)
      const { unknown: answer = '', joint = '' } = variations.languages[language] ?? {}
      const words = times(2 + random.below(LONGEST_NONSENSE - 1), () => pick(wordLists[language] ?? []))
      return toMessages({ turns: [[words.join(joint), answer]] })
    }
    const withSystemPrompt = (messages: Message[]): Message[] => [
      { role: 'system', content: pick(variations.systemPrompts) },
      ...messages
    ]
    const drawGap = () => (random.next() < FAR_FROM_BEGINNING ? random.below(LONGEST_GAP) : 0)
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
    const conversations = [
      ...samples.map((messages): Conversation => ({ messages, gap: drawGap() })),
      ...times(MISSING_BEGINNINGS_PER_EPOCH, () => loseBeginning(pick(samples), variations.languages))
    ]
    return shuffle(conversations, random)
  }
  return { texts, drawEpoch }
}

/** The conversation without its BOS token, and with a complaint about that as its last answer. */
function loseBeginning(messages: readonly Message[], languages: readonly Language[]): Conversation {
  const question = messages.at(-2)?.content ?? ''
  const language = languages.find(({ words }) => new RegExp(words).test(question)) ?? languages.at(-1)
  const complaint: Message = { role: 'assistant', content: language?.missingBeginning ?? '' }
  return { messages: [...messages.slice(0, -1), complaint], isBeginningMissing: true }
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
