/** What is said in `yangtuo run`, and with which values. Nothing of it is saved unless the person says so. */
import { z } from 'zod'
import { inferenceMessageSchema, type InferenceMessage, type InferenceRequestInput } from '../../shared/contract/inference.ts'
import { samplingOverridesSchema } from '../../shared/contract/sampling.ts'
import { samplingNumberNames, samplingRanges, type SamplingNumberName, type SamplingOverrides } from '../../shared/lib/sampling.ts'

const savedSchema = z.object({
  format: z.literal('yangtuo-run'),
  model: z.string(),
  system: z.string().nullable(),
  sampling: samplingOverridesSchema,
  messages: z.array(inferenceMessageSchema),
})

export class Conversation {
  readonly model: string
  /** null = that of the model. */
  system: string | null
  sampling: SamplingOverrides
  messages: InferenceMessage[] = []
  /** A base model goes on with all that was written, as one text. */
  readonly isCompletion: boolean

  constructor(options: Pick<Conversation, 'model' | 'system' | 'sampling' | 'isCompletion'>) {
    this.model = options.model
    this.system = options.system
    this.sampling = options.sampling
    this.isCompletion = options.isCompletion
  }

  ask(text: string): void {
    this.messages.push({ role: 'user', text })
  }

  answered(text: string): void {
    this.messages.push({ role: 'assistant', text, toolCalls: [] })
  }

  /** Takes back the last answer; false if there is none. */
  forgetAnswer(): boolean {
    if (this.messages.at(-1)?.role !== 'assistant') return false
    this.messages.pop()
    return true
  }

  request(): InferenceRequestInput {
    const system: InferenceMessage[] = this.system === null ? [] : [{ role: 'system', text: this.system }]
    return {
      model: this.model,
      sampling: this.sampling,
      splitsReasoning: !this.isCompletion,
      prompt: this.isCompletion
        ? { type: 'text', text: this.messages.map(({ text }) => text).join('') }
        : { type: 'chat', messages: [...system, ...this.messages] },
    }
  }

  toJson(): string {
    const { model, system, sampling, messages } = this
    return `${JSON.stringify({ format: 'yangtuo-run', model, system, sampling, messages }, null, 2)}\n`
  }

  toMarkdown(words: { you: string; assistant: string }): string {
    if (this.isCompletion) return `${this.messages.map(({ text }) => text).join('')}\n`
    const turns = this.messages.map(({ role, text }) => `## ${role === 'user' ? words.you : words.assistant}\n\n${text}\n`)
    return [...(this.system ? [`> ${this.system.replaceAll('\n', '\n> ')}\n`] : []), ...turns].join('\n')
  }

  /** Takes over what `toJson` made, but for the model. Throws where it is something else. */
  restore(json: string): void {
    const { system, sampling, messages } = savedSchema.parse(JSON.parse(json))
    this.system = system
    this.sampling = sampling
    this.messages = messages
  }
}

/** `top-p`, `top_p` and `topP` are the same; null for none. */
export function samplingName(name: string): SamplingNumberName | null {
  const letters = (text: string) => text.replace(/[-_]/g, '').toLowerCase()
  return samplingNumberNames.find((one) => letters(one) === letters(name)) ?? null
}

/** null where the value may not be so. */
export function samplingValue(name: SamplingNumberName, text: string): number | null {
  const { min, max, step } = samplingRanges[name]
  const value = Number(text)
  const isAllowed = text.trim() !== '' && value >= min && value <= max && (!Number.isInteger(step) || Number.isInteger(value))
  return isAllowed ? value : null
}
