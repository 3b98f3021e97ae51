/**
 * What the names of quantizations mean. Bits per weight are those of a llama with 7 to 13 thousand
 * million parameters; a file's own depend a little on its shape. Sources: llama.cpp's
 * tools/quantize/README.md, and for the plain K names the files of the Chinese LLaMA family.
 */
const bitsPerWeightByName: Record<string, number> = {
  F32: 32,
  F16: 16,
  BF16: 16,
  Q8_0: 8.5,
  Q6_K: 6.56,
  Q5_1: 6,
  Q5_K_M: 5.7,
  Q5_K_S: 5.57,
  Q5_0: 5.57,
  Q4_1: 5.13,
  Q4_K_M: 4.89,
  Q4_K_S: 4.67,
  Q4_0: 4.65,
  IQ4_NL: 4.68,
  IQ4_XS: 4.45,
  Q3_K_L: 4.3,
  Q3_K_M: 4,
  IQ3_M: 3.76,
  IQ3_S: 3.66,
  Q3_K_S: 3.64,
  IQ3_XS: 3.5,
  IQ3_XXS: 3.25,
  Q2_K: 3.16,
  Q2_K_S: 2.97,
  IQ2_M: 2.93,
  IQ2_S: 2.74,
  IQ2_XS: 2.59,
  IQ2_XXS: 2.38,
  IQ1_M: 2.15,
  IQ1_S: 2,
}

/** `Q4_K` is how older files call `Q4_K_M`. */
export function quantizationName(name: string): string {
  return name.toUpperCase().replace(/^(Q[345]_K)$/, '$1_M')
}

/** Typical for this name; null if it is not known. */
export function bitsPerWeightOf(name: string): number | null {
  return bitsPerWeightByName[quantizationName(name)] ?? null
}
