/** Which file of a model to take on this machine: of the catalog's, or of a repository's on a hub. */
import type { CatalogFile } from '../contract/catalog.ts'
import type { Fit } from '../contract/fit.ts'
import type { Settings } from '../contract/settings.ts'
import { quantizationName } from './quantizations.ts'

type JudgedFile = Pick<CatalogFile, 'quantization' | 'bitsPerWeight' | 'isImatrix' | 'perplexity' | 'certainty'>

export interface Candidate<File extends JudgedFile = CatalogFile> {
  file: File
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
export function recommendFile<File extends JudgedFile>(
  candidates: readonly Candidate<File>[],
  wishes: Wishes,
): Candidate<File> | null {
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
    comfortable.find((one) => one.file.bitsPerWeight <= middleBits || isFast(one)) ??
    useful.find(({ file }) => file.bitsPerWeight <= middleBits) ??
    useful.at(-1)
  return candidate ?? fitting[0] ?? null
}

function doesFit({ fit: { verdict } }: Candidate<JudgedFile>): boolean {
  return verdict !== 'too-large' && verdict !== 'unknown'
}

function isFast({ fit: { verdict, expectedTokensPerSecond } }: Candidate<JudgedFile>): boolean {
  return verdict === 'fits-gpu' || (expectedTokensPerSecond ?? 0) >= readingTokensPerSecond
}

/** Of a quantization with and without an importance matrix, only the one to take. */
function withoutTwins<File extends JudgedFile>(candidates: Candidate<File>[], wishes: Wishes): Candidate<File>[] {
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
function prefersImatrix(imatrix: JudgedFile, plain: JudgedFile, { preferImatrix }: Wishes): boolean {
  if (!preferImatrix) return false
  if (imatrix.certainty === 'inferred' && plain.certainty !== 'inferred') return false
  return imatrix.perplexity === null || plain.perplexity === null || imatrix.perplexity <= plain.perplexity
}
