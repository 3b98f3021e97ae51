/** What can be downloaded of a repository: its GGUF files, the parts of a split one together. */
import type { HubFile, HubVariant } from '../../shared/contract/hubs.ts'
import { allParts, splitPart } from '../../shared/lib/split-files.ts'
import { isSafePath } from './hub-names.ts'

/**
 * The names of quantizations as files bear them. `Q4_K` is how older files call `Q4_K_M`; `UD-` marks
 * Unsloth's own mixtures, `_XL` their larger ones.
 */
const names = [
  'IQ[1-4]_(?:XXS|XS|S|M|NL)',
  'TQ[12]_0',
  'Q[2-8]_K(?:_(?:XL|S|M|L))?',
  'Q4_0_(?:4_4|4_8|8_8)',
  'Q[1-8]_[01]',
  'MXFP4(?:_MOE)?',
  'NVFP4',
  'BF16',
  'FP?(?:16|32)',
]
const quantizationInName = new RegExp(`(?<![a-z0-9])(?:UD-)?(${names.join('|')})(?![a-z0-9])`, 'gi')

/**
 * Variants in the order of their sizes. Left out: names that `isSafePath` does not take, split models
 * without all their parts, and data for quantizing (`imatrix.gguf`).
 */
export function variantsOf(files: HubFile[]): HubVariant[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const models = files.filter(({ path }) => /\.gguf$/i.test(path) && isSafePath(path) && !isImportanceMatrix(path))
  const whole = models.flatMap((file) => {
    if ((splitPart(file.path)?.number ?? 1) > 1) return []
    const parts = allParts(file.path).map((path) => byPath.get(path))
    return parts.every((part) => part !== undefined) ? [parts] : []
  })
  const shortNames = whole.map(([first]) => withoutFolder(stem(first!.path)))
  return whole
    .map((parts, i): HubVariant => {
      const { path } = parts[0]!
      const shortName = shortNames[i]!
      const isUnique = shortNames.indexOf(shortName) === shortNames.lastIndexOf(shortName)
      return {
        name: isUnique ? shortName : stem(path),
        quantization: quantizationOf(path),
        isImatrix: /(?<![a-z0-9])(?:im|imat|imatrix|i1)(?![a-z0-9])/i.test(withoutFolder(path)),
        type: typeOf(withoutFolder(path)),
        sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        files: parts,
      }
    })
    .sort((a, b) => a.sizeBytes - b.sizeBytes)
}

/** In capitals, such as `Q4_K_M`; of the last mention in the file's name, else in its folder's. Empty without one. */
export function quantizationOf(path: string): string {
  const found = [...path.matchAll(quantizationInName)].at(-1)?.[1] ?? ''
  return found.toUpperCase().replace(/^FP/, 'F')
}

/** The one that a typed text such as `q4_k_m` means, also where the file says `Q4_K`; undefined if there is none. */
export function variantByQuantization(variants: HubVariant[], text: string): HubVariant | undefined {
  const wanted = text.toUpperCase()
  const older = wanted.replace(/^(Q[345]_K)_M$/, '$1')
  const models = variants.filter(({ type }) => type === 'model')
  return (
    models.find(({ quantization, isImatrix }) => quantization === wanted && !isImatrix) ??
    models.find(({ quantization }) => quantization === wanted) ??
    models.find(({ quantization }) => quantization === older) ??
    models.find(({ name }) => name.toUpperCase() === wanted)
  )
}

function typeOf(fileName: string): HubVariant['type'] {
  if (/mmproj/i.test(fileName)) return 'projector'
  return /(?<![a-z0-9])(?:lora|adapter)(?![a-z0-9])/i.test(fileName) ? 'adapter' : 'model'
}

function isImportanceMatrix(path: string): boolean {
  return /imatrix/i.test(path) && quantizationOf(path) === ''
}

function stem(path: string): string {
  return splitPart(path)?.stem ?? path.replace(/\.gguf$/i, '')
}

function withoutFolder(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
