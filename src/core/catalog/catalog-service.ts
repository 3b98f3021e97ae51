import type { CatalogEntry, QuantizationTable } from '../../shared/contract/catalog.ts'
import type { Fit, FitTarget } from '../../shared/contract/fit.ts'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import { recommendFile, type Candidate } from '../../shared/lib/recommend-file.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { CatalogFiles } from './catalog-files.ts'

/** What is suggested to someone who has no model: the best of each size, the best first. */
const suggested = ['llama-3-chinese-8b-instruct-v3', 'chinese-alpaca-2-7b', 'chinese-alpaca-2-1.3b']
/** Below Q4 a smaller model in a better quantization is the better choice; above it a first download takes long. */
const minSuggestedBits = 4.5
const maxSuggestedBits = 5.2
/** Enough to begin with; where there is room, loading takes more. */
const suggestedContextSize = 2048

interface Estimator {
  estimate(targets: FitTarget[], settings?: LoadOverrides): Promise<Fit[]>
  /** Resolves when the speed of the memory is known. */
  measureMemory(): Promise<void>
}

/** The curated list and what of it suits this machine. */
export class CatalogService {
  readonly #files: CatalogFiles
  readonly #entries: CatalogEntry[]
  readonly #fit: Estimator
  readonly #settings: SettingsService

  constructor(files: CatalogFiles, fit: Estimator, settings: SettingsService) {
    this.#files = files
    this.#entries = files.entries.map(({ shape: _, ...entry }) => entry)
    this.#fit = fit
    this.#settings = settings
  }

  list(): CatalogEntry[] {
    return this.#entries
  }

  quantizations(): QuantizationTable {
    return this.#files.quantizations
  }

  /** null for an entry without files, too. */
  async recommend(entryId: string): Promise<{ fileName: string } | null> {
    const best = recommendFile(await this.#candidates(entryId), this.#settings.get())
    return best && { fileName: best.file.name }
  }

  async suggestion() {
    const settings = this.#settings.get()
    const maxBits = settings.quantization === 'automatic' ? maxSuggestedBits : Infinity
    for (const entryId of suggested) {
      const candidates = await this.#candidates(entryId, { contextSize: suggestedContextSize })
      const comfortable = candidates.filter(
        ({ file: { bitsPerWeight }, fit }) =>
          !fit.isTight && bitsPerWeight >= minSuggestedBits && bitsPerWeight <= maxBits,
      )
      const best = recommendFile(comfortable, settings)
      if (best) {
        const { expectedTokensPerSecond } = best.fit
        return { entryId, fileName: best.file.name, expectedTokensPerSecond }
      }
    }
    return null
  }

  async #candidates(entryId: string, loadSettings?: LoadOverrides): Promise<Candidate[]> {
    const files = this.#entries.find(({ id }) => id === entryId)?.files ?? []
    if (files.length === 0) return []
    try {
      await this.#fit.measureMemory()
      const fits = await this.#fit.estimate(
        files.map(({ name }) => ({ type: 'catalog', entryId, fileName: name })),
        loadSettings,
      )
      return files.map((file, i) => ({ file, fit: fits[i]! }))
    } catch {
      return [] // without estimates there is nothing to recommend by
    }
  }
}
