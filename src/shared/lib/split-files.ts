/** The names of a split model's files, as llama.cpp's gguf-split gives them: `name-00001-of-00003.gguf`. */

const partName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/s

/** `stem` is what the parts share; null for any other name. Takes paths too. `number` counts from 1. */
export function splitPart(fileName: string): { stem: string; number: number; count: number } | null {
  const [, stem, number, count] = partName.exec(fileName) ?? []
  if (stem === undefined || Number(number) < 1 || Number(number) > Number(count)) return null
  return { stem, number: Number(number), count: Number(count) }
}

/** The names (or paths) of all parts, the first one first; of any other file the file alone. */
export function allParts(fileName: string): string[] {
  const part = splitPart(fileName)
  if (!part) return [fileName]
  const digits = (number: number) => String(number).padStart(5, '0')
  return Array.from({ length: part.count }, (_, i) => `${part.stem}-${digits(i + 1)}-of-${digits(part.count)}.gguf`)
}
