export type Quality = 'lossless' | 'excellent' | 'good' | 'balanced' | 'fair' | 'poor'

/**
 * How much a quantization loses, from its name; null if it does not say. The steps follow the
 * perplexities published for Llama-3-Chinese-8B, above F16: Q8_0 0.1 %, Q6_K 0.4 %, Q5_K 1 %,
 * Q4_K 4 %, Q4_0 8 %, Q3_K 12 %, Q2_K 131 %.
 */
export function qualityOf(quantization: string): Quality | null {
  const name = quantization.toUpperCase()
  if (/^B?F(16|32)/.test(name)) return 'lossless'
  if (/^Q[68]/.test(name)) return 'excellent'
  if (/^Q5/.test(name)) return 'good'
  if (/^(Q4_K|IQ4)/.test(name)) return 'balanced'
  if (/^(Q4|I?Q3)/.test(name)) return 'fair'
  if (/^I?Q[12]/.test(name)) return 'poor'
  return null
}
