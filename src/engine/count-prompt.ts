/** What a prompt would be if it were answered now, without answering it. */
import type { CountedPrompt, EngineCalls, GenerateRequest } from '../shared/engine/messages.ts'
import type { LoadedModel } from './loaded-model.ts'
import type { Slots } from './slots.ts'
import { describeToken } from './token-text.ts'

interface Loaded {
  model: LoadedModel
  slots: Slots
}

/** Throws TEMPLATE_FAILED. */
export function countPrompt(loaded: Loaded, prompt: GenerateRequest['prompt']): CountedPrompt {
  return count(loaded, prompt).counted
}

/** Throws TEMPLATE_FAILED. */
export function inspectPrompt(
  loaded: Loaded,
  prompt: GenerateRequest['prompt'],
): EngineCalls['inspectPrompt']['output'] {
  const { counted, tokens } = count(loaded, prompt)
  return { ...counted, tokens: tokens.map((token) => ({ id: token, ...describeToken(loaded.model, token) })) }
}

/** In pieces of whole lines, so that answers that are being made go on meanwhile. */
export async function countText({ model }: Loaded, text: string): Promise<number> {
  const { prompts } = model.slots[0]!
  let count = 0
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start + pieceLength) + 1
    const end = lineEnd > 0 && lineEnd < start + 2 * pieceLength ? lineEnd : start + pieceLength
    count += prompts.countText(text.slice(start, end))
    start = end
    if (start < text.length) await new Promise((resume) => setImmediate(resume))
  }
  return count
}

/** Characters; a few thousand tokens, which take some milliseconds. */
const pieceLength = 16_384

function count({ model, slots }: Loaded, prompt: GenerateRequest['prompt']) {
  const { prompts, sequence } = slots.bestFor(prompt)
  const { tokens, segments } = prompts.count(prompt, model.tokenBytes)
  const held = sequence.contextTokens
  // An answer reads the last token in any case.
  const mostCached = Math.max(0, tokens.length - 1)
  let cachedTokens = 0
  while (cachedTokens < mostCached && tokens[cachedTokens] === held[cachedTokens]) cachedTokens++
  const counted = { promptTokens: tokens.length, contextSize: sequence.contextSize, cachedTokens, segments }
  return { counted, tokens }
}
