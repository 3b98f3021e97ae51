/** The dialogues the model learns, as written in dialogues.json. */
import fs from 'node:fs'
import path from 'node:path'
import type { Message } from './chat-format.ts'

export interface Dialogue {
  /** A system prompt that changes the answers. */
  system?: string
  /** Question and answer pairs, in order. */
  turns: [question: string, answer: string][]
  /** Other ways to ask the first question; only for dialogues of one turn. */
  variants?: string[]
}

/** Reads the dialogues. */
export function readDialogues(): Dialogue[] {
  return JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'dialogues.json'), 'utf8')) as Dialogue[]
}

/** The messages of a dialogue. */
export function toMessages(dialogue: Dialogue): Message[] {
  const turns = dialogue.turns.flatMap(([question, answer]): Message[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer }
  ])
  return dialogue.system === undefined ? turns : [{ role: 'system', content: dialogue.system }, ...turns]
}

/** The dialogue once for each variant of its first question. */
export function withVariants(dialogue: Dialogue): Dialogue[] {
  const { variants = [], ...base } = dialogue
  const [first, ...later] = base.turns
  if (!first) return []
  return variants.map((variant) => ({ ...base, turns: [[variant, first[1]], ...later] }))
}
