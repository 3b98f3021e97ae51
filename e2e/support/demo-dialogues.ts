/** What the demo model was taught, so that a story can expect its answer word for word. */
import { readDialogues } from '../../build/demo-model/dialogues.ts'

const dialogues = readDialogues()

/** The answer to a question asked first, without a system prompt. */
export function demoAnswer(question: string): string {
  const found = dialogues.find(({ system, turns }) => system === undefined && turns[0]?.[0] === question)
  if (!found) throw new Error(`The demo model was not taught «${question}».`)
  return found.turns[0]![1]
}

/** A question whose answer a system prompt changes. */
export function systemPromptDialogue(): { systemPrompt: string; question: string; answer: string } {
  const { system, turns } = dialogues.find(({ system }) => system !== undefined)!
  return { systemPrompt: system!, question: turns[0]![0], answer: turns[0]![1] }
}
