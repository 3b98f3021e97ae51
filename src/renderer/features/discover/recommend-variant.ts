import type { Fit } from '../../../shared/contract/fit.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { quantizationName } from '../../../shared/lib/quantizations.ts'
import { doesFit, fitKey } from './fits-store.ts'
import { qualityOf } from './quality.ts'
import type { Variant } from './quantization-picker.tsx'

/**
 * Of a hub's repository, the variant to take on this machine: the preferred quantization where one
 * fits, else the largest that fits with room to spare and is not larger than 8 bits, which lose
 * nothing that is noticed. null while a fit is not known yet, and if none fits.
 */
export function recommendVariant(
  variants: readonly Variant[],
  fits: Readonly<Record<string, Fit | null>>,
  { quantization, preferImatrix }: Pick<Settings, 'quantization' | 'preferImatrix'>,
): string | null {
  const known = variants.flatMap((variant) =>
    variant.fitTarget ? [{ variant, fit: fits[fitKey(variant.fitTarget)] }] : [],
  )
  if (known.some(({ fit }) => fit === undefined)) return null
  const imatrixFirst = (a: Variant, b: Variant) =>
    preferImatrix ? Number(b.isImatrix) - Number(a.isImatrix) : Number(a.isImatrix) - Number(b.isImatrix)
  const fitting = known
    .filter(({ fit }) => doesFit(fit))
    .sort((a, b) => b.variant.sizeBytes - a.variant.sizeBytes || imatrixFirst(a.variant, b.variant))
  const preferred = fitting
    .filter(({ variant }) => quantizationName(variant.quantization) === quantization)
    .sort((a, b) => imatrixFirst(a.variant, b.variant))
  const roomy = fitting.filter(({ variant, fit }) => !fit?.isTight && qualityOf(variant.quantization) !== 'lossless')
  return (preferred[0] ?? roomy[0] ?? fitting.at(-1))?.variant.name ?? null
}
