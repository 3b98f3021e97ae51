/** What a name on the command line offers to download: a model of the catalog, or of a repository on a hub. */
import type { CatalogEntry } from '../../shared/contract/catalog.ts'
import type { Download } from '../../shared/contract/downloads.ts'
import type { Fit, FitTarget } from '../../shared/contract/fit.ts'
import type { HubRepository } from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { bitsPerWeightOf, quantizationName } from '../../shared/lib/quantizations.ts'
import { recommendFile } from '../../shared/lib/recommend-file.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'

/** A file, or all parts of a split one. */
export interface Offer {
  /** What names just this one: `publisher/repository:Q4_K_M`. */
  reference: string
  fileName: string
  quantization: string
  sizeBytes: number
  fitTarget: FitTarget
  start: () => Promise<Download>
}

export interface Offers {
  /** The catalog's name, or the repository. */
  title: string
  offers: Offer[]
  /** The one that was named; null if only the model was. */
  named: Offer | null
  /** Which one to take on this machine; null if none fits. */
  recommend: () => Promise<Offer | null>
}

/** Rejects with the codes of `hubs.open`. */
export async function findOffers(client: HostClient, reference: string): Promise<Offers> {
  const { name, quantization } = withoutQuantization(reference)
  const entry = (await client.catalog.list()).find(
    ({ id, name: title, files }) =>
      files.length > 0 && [id.toLowerCase(), title.toLowerCase()].includes(name.toLowerCase()),
  )
  if (!entry) return offersOfRepository(client, await client.hubs.open({ reference }))
  return offersOfEntry(client, entry, quantization, reference)
}

/** `name:Q4_K_M`; addresses have colons of their own. */
function withoutQuantization(reference: string): { name: string; quantization: string | null } {
  const [, name, quantization] = /^([^:]+):([\w.-]+)$/.exec(reference) ?? []
  return { name: name ?? reference, quantization: quantization ?? null }
}

function offersOfEntry(
  client: HostClient,
  { id: entryId, name: title, files }: CatalogEntry,
  quantization: string | null,
  reference: string,
): Offers {
  const offers = files.map((file): Offer => {
    const isOnly = files.filter((other) => other.quantization === file.quantization).length === 1
    const target = { entryId, fileName: file.name }
    return {
      reference: `${entryId}:${isOnly ? file.quantization : file.name.replace(/\.gguf$/, '')}`,
      fileName: file.name,
      quantization: file.quantization,
      sizeBytes: file.sizeBytes,
      fitTarget: { type: 'catalog', ...target },
      start: () => client.downloads.startFromCatalog(target),
    }
  })
  const wanted = quantization?.toLowerCase()
  const named =
    wanted === undefined
      ? null
      : (offers.find(({ fileName }) => [wanted, `${wanted}.gguf`].includes(fileName.toLowerCase())) ??
        offers.find((offer) => quantizationName(offer.quantization) === quantizationName(wanted)))
  if (named === undefined) throw new AppFailure('REFERENCE_INVALID', { text: reference })
  return {
    title,
    offers,
    named,
    recommend: async () => {
      const recommended = await client.catalog.recommend({ entryId })
      return offers.find(({ fileName }) => fileName === recommended?.fileName) ?? null
    },
  }
}

function offersOfRepository(client: HostClient, hub: HubRepository): Offers {
  const { sourceId, repository, revision } = hub
  const variants = hub.variants.filter(({ type }) => type === 'model')
  const offers = variants.map(({ name, quantization, sizeBytes, files }): Offer => {
    const isOnly = variants.filter((other) => other.quantization === quantization).length === 1
    return {
      reference: isOnly && quantization ? `${repository}:${quantization}` : `${repository}/${files[0]!.path}`,
      fileName: `${name}.gguf`,
      quantization,
      sizeBytes,
      fitTarget: { type: 'hub', file: { sourceId, repository, revision, path: files[0]!.path }, sizeBytes },
      start: () => client.downloads.start({ sourceId, repository, revision, variant: name }),
    }
  })
  const offerOf = (name: string | undefined | null) => offers[variants.findIndex((variant) => variant.name === name)] ?? null
  return {
    title: repository,
    offers,
    named: offerOf(hub.namedVariant),
    recommend: async () => {
      const [fits, settings] = await Promise.all([fitsOf(client, offers), client.settings.get()])
      const candidates = variants.flatMap((variant, index) => {
        const bitsPerWeight = bitsPerWeightOf(variant.quantization)
        const file = { ...variant, bitsPerWeight: bitsPerWeight ?? 0, perplexity: null, certainty: 'seen' } as const
        return bitsPerWeight === null ? [] : [{ file, fit: fits[index]! }]
      })
      return offerOf(recommendFile(candidates, settings)?.file.name)
    },
  }
}

/** In the order of the offers. Of a hub's, it reads the heads of the files. */
export async function fitsOf(client: HostClient, offers: Offer[]): Promise<Fit[]> {
  return client.fit.estimate({ targets: offers.map(({ fitTarget }) => fitTarget) })
}
