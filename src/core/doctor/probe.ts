/** The doctor's questions to a loaded model, and what the answers tell: does it stop, and before the next turn? */
import type { Finding, FindingOutcome, ProbeAnswer } from '../../shared/contract/doctor.ts'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import { effectiveSampling, type Sampling } from '../../shared/lib/sampling.ts'

/** Each has an answer of a few words. */
export const probePrompts = ['你好', '中国的首都是哪里？只回答城市名。', 'What is 1 + 1? Answer with one number.']

export const probeSampling: Sampling = effectiveSampling({ temperature: 0, maxTokens: 96 })

/** Texts that begin or end a turn in some family: an answer that holds one went on into the next turn. */
const turnTexts = [
  '### Instruction:',
  '### Input:',
  '[INST]',
  '[/INST]',
  '<|im_start|>',
  '<|im_end|>',
  '<|start_header_id|>',
  '<|eot_id|>',
  '<|end_of_text|>',
  '<start_of_turn>',
  '<end_of_turn>',
  '</s>',
  '\nUser:',
  '\nHuman:',
  '\nAssistant:',
  '\n用户：',
  '\n问：',
  // What is left to read of Llama 3's header.
  'user\n\n',
  'assistant\n\n',
]

export function probeFinding(answers: readonly ProbeAnswer[], { stopTexts = [] }: LoadOverrides): Finding {
  const asked = answers.length
  const stopped = answers.filter(({ hasStopped }) => hasStopped).length
  const finding = (grade: Finding['grade'], outcome: FindingOutcome<'probe'>, fix: Finding['fix'] = null): Finding => ({
    code: 'probe',
    grade,
    outcome,
    data: { asked, stopped },
    fix,
  })
  const text = turnTexts.find((text) => answers.some(({ answer }) => answer.includes(text)))
  if (text !== undefined) {
    const fix = { loadOverrides: { stopTexts: [text, ...stopTexts].slice(0, 16) } }
    return { ...finding('problem', 'next-turn', fix), data: { asked, stopped, text: text.trim() } }
  }
  if (answers.every(({ answer }) => answer.trim() === '')) return finding('problem', 'silent')
  if (stopped === 0) return finding('problem', 'runs-on')
  return stopped < asked ? finding('advice', 'sometimes') : finding('good', 'stops')
}
