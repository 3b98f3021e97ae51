import type { Download } from '../../../shared/contract/downloads.ts'
import type { FitTarget } from '../../../shared/contract/fit.ts'
import type { FileIdentity } from './file-identity.ts'

/** A file, or all parts of a split one, that can be chosen. */
export interface Variant {
  /** Unique in the picker. */
  name: string
  quantization: string
  isImatrix: boolean
  sizeBytes: number
  /** null where it was not published, as the next. */
  bitsPerWeight: number | null
  perplexity: number | null
  /** What is to be known of it besides, such as that it cannot answer alone. */
  note: string | null
  /** null for what is never loaded alone. */
  fitTarget: FitTarget | null
  identity: FileIdentity
  start: () => Promise<Download>
}
