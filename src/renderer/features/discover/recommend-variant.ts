import type { Fit } from '../../../shared/contract/fit.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { recommendFile } from '../../../shared/lib/recommend-file.ts'
import { fitKey } from './fits-store.ts'
import type { Variant } from './variant.ts'

/**
 * The name of a repository's variant to take on this machine, by the rule of the catalog; null if none
 * fits, and while a fit is not known yet.
 */
export function recommendVariant(
  variants: readonly Variant[],
  fits: Readonly<Record<string, Fit | null>>,
  settings: Settings,
): string | null {
  const models = variants.filter(({ fitTarget }) => fitTarget !== null)
  const known = models.map((variant) => ({ variant, fit: fits[fitKey(variant.fitTarget!)] }))
  if (known.some(({ fit }) => fit === undefined)) return null
  const candidates = known.flatMap(({ variant, fit }) => {
    const { bitsPerWeight } = variant
    return fit && bitsPerWeight !== null ? [{ file: { ...variant, bitsPerWeight, certainty: 'seen' } as const, fit }] : []
  })
  return recommendFile(candidates, settings)?.file.name ?? null
}
