/**
 * The decoding settings that each family's project publishes, where they differ from the app's defaults
 * (which are those of Chinese-LLaMA-Alpaca-2 and -3).
 */
import type { SamplingOverrides } from './sampling.ts'

interface FamilyFacts {
  name: string
  fileName: string
  repository: string | null
  architecture: string
  vocabularySize: number
}

/** Empty where nothing is published, or where it is what the app does anyway. */
export function familySampling({ name, fileName, repository, vocabularySize }: FamilyFacts): SamplingOverrides {
  const names = `${name} ${fileName} ${repository ?? ''}`
  if (vocabularySize === llama3VocabularySize && /share-?ai|llama3[-_]chinese[-_]chat|dpo[-_]zh|dpo[-_]chinese/i.test(names)) {
    return /dpo|v2/i.test(names) ? shareAiDpo : shareAi
  }
  if (vocabularySize === alpacaVocabularySize || vocabularySize === llama1VocabularySize) return alpaca
  return {}
}

const llama3VocabularySize = 128_256
/** Chinese-Alpaca and Chinese-LLaMA of the first project. */
const alpacaVocabularySize = 49_954
const llama1VocabularySize = 49_953

/** Source: Chinese-LLaMA-Alpaca, scripts/inference/gradio_demo.py. */
const alpaca: SamplingOverrides = { temperature: 0.5 }
/** Source: llama3-Chinese-chat, deploy/web_streamlit_for_v1.py and deploy/web_streamlit_for_instruct.py. */
const shareAi: SamplingOverrides = { temperature: 0.7, topP: 0.8, topK: 0, repeatPenalty: 1.07 }
/** Source: llama3-Chinese-chat, deploy/web_streamlit_for_instruct_v2.py. */
const shareAiDpo: SamplingOverrides = { ...shareAi, temperature: 0.6 }
