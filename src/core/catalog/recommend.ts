/** Which file of a model to take on this machine. */
import type { CatalogFile } from '../../shared/contract/catalog.ts'
import type { Fit } from '../../shared/contract/fit.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { quantizationName } from '../../shared/lib/quantizations.ts'

export interface Candidate {
  file: CatalogFile
  fit: Fit
}

type Wishes = Pick<Settings, 'quantization' | 'preferImatrix'>

/** A little faster than most people read. */
const readingTokensPerSecond = 8
/** Q4_K and what is near: below it a model loses noticeably. */
const middleBits = 5.2
/** Half precision is no better in use and twice as large as Q8_0. */
const maxUsefulBits = 12

/**
 * The file of the quantization that the settings name, if it fits; else the best one that fits with
 * room to spare and still writes faster than one reads, or Q4_K where none does; else the best that
 * fits at all. null if none fits. Very small quantizations come last, being the last that fit.
 */
export function recommendFile(candidates: Candidate[], wishes: Wishes): Candidate | null {
  const fitting = withoutTwins(candidates.filter(doesFit), wishes)
  const wished = fitting.find(
    ({ file }) => quantizationName(file.quantization) === quantizationName(wishes.quantization),
  )
  if (wished) return wished
  const useful = fitting
    .filter(({ file }) => file.bitsPerWeight < maxUsefulBits)
    .sort((a, b) => b.file.bitsPerWeight - a.file.bitsPerWeight)
  const comfortable = useful.filter(({ fit }) => !fit.isTight)
  const candidate =
    comfortable.find(isFast) ??
    comfortable.find(({ file }) => file.bitsPerWeight <= middleBits) ??
    useful.find(({ file }) => file.bitsPerWeight <= middleBits) ??
    useful.at(-1)
  return candidate ?? fitting[0] ?? null
}

function doesFit({ fit: { verdict } }: Candidate): boolean {
  return verdict !== 'too-large' && verdict !== 'unknown'
}

function isFast({ fit: { verdict, expectedTokensPerSecond } }: Candidate): boolean {
  return verdict === 'fits-gpu' || (expectedTokensPerSecond ?? 0) >= readingTokensPerSecond
}

/** Of a quantization with and without an importance matrix, only the one to take. */
function withoutTwins(candidates: Candidate[], wishes: Wishes): Candidate[] {
  return candidates.filter(({ file }) => {
    const twin = candidates.find(
      (other) => other.file.quantization === file.quantization && other.file.isImatrix !== file.isImatrix,
    )?.file
    if (!twin) return true
    const isImatrixBetter = file.isImatrix ? prefersImatrix(file, twin, wishes) : prefersImatrix(twin, file, wishes)
    return file.isImatrix === isImatrixBetter
  })
}

/** Importance matrices make some files of this family worse, above all Q2_K: then the published perplexity decides. */
function prefersImatrix(imatrix: CatalogFile, plain: CatalogFile, { preferImatrix }: Wishes): boolean {
  if (!preferImatrix) return false
  if (imatrix.certainty === 'inferred' && plain.certainty !== 'inferred') return false
  return imatrix.perplexity === null || plain.perplexity === null || imatrix.perplexity <= plain.perplexity
}
