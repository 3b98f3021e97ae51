/** Whether an answer begins inside of a `<think>` block: many templates of models that reason begin it themselves. */
import type { Runtime } from '../../shared/contract/models.ts'
import type { GenerateRequest } from '../../shared/engine/messages.ts'
import type { EngineSupervisor } from '../engine/engine-supervisor.ts'

const begins = /<think>\s*$/
/** Enough tokens for the tag, however it is taken apart. */
const lastTokens = 16

/** Of what each loaded model's template ends prompts with; asked once for each load. */
const templates = new WeakMap<Runtime, Promise<boolean>>()

/** null = the answer goes on behind the block. */
export async function reasoningOf(
  engine: EngineSupervisor,
  prompt: GenerateRequest['prompt'],
): Promise<'inside' | 'unknown' | null> {
  if ('text' in prompt) return begins.test(prompt.text) ? 'inside' : 'unknown'
  const { answerStart = '' } = prompt
  if (answerStart.includes('</think>')) return null
  if (await templateBegins(engine)) return 'inside'
  if (answerStart === '') return 'unknown'
  return answerStart.trimStart().startsWith('<think>') ? 'inside' : null
}

function templateBegins(engine: EngineSupervisor): Promise<boolean> {
  const { loadState } = engine
  if (loadState.state !== 'ready') return Promise.resolve(false)
  const { runtime } = loadState
  const known = templates.get(runtime) ?? looksLikeBlock(engine)
  templates.set(runtime, known)
  return known
}

/** A template that fails will fail the answer, and say why. */
async function looksLikeBlock(engine: EngineSupervisor): Promise<boolean> {
  const prompt = { messages: [{ role: 'user' as const, text: '?' }] }
  const inspected = await engine.inspectPrompt(prompt).catch(() => null)
  const end = inspected?.tokens.slice(-lastTokens).map(({ text }) => text)
  return begins.test(end?.join('') ?? '')
}
