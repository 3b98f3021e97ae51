/** For programs and the command line: what a person would choose step by step on the discover page. */
import type { ContractRouterClient } from '@orpc/contract'
import type { CatalogEntry } from '../../shared/contract/catalog.ts'
import type { Download } from '../../shared/contract/downloads.ts'
import type { HubRepository, HubVariant } from '../../shared/contract/hubs.ts'
import type { contract } from '../../shared/contract/index.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { bitsPerWeightOf, quantizationName } from '../../shared/lib/quantizations.ts'
import { recommendFile } from '../../shared/lib/recommend-file.ts'

type Client = ContractRouterClient<typeof contract>

/**
 * Puts a model into the queue of downloads: an entry of the catalog by its id or name (`llama-3-chinese-8b`), or
 * what `hubs.open` understands (`publisher/repository`, the address of a page or file), each also with a
 * quantization (`…:Q4_K_M`). Without one, the file that is recommended for this machine; if none fits, the
 * smallest. The same again returns the one that is there. Rejects as `hubs.open` and `downloads.start` do.
 */
export async function downloadByReference(client: Client, reference: string): Promise<Download> {
  // Ollama's clients ask for `name:latest` where they mean no file in particular.
  const wanted = reference.trim().replace(/:latest$/i, '')
  const [, name, quantization] = /^(.*?)(?::([^:/]+))?$/s.exec(wanted)!
  const entry = (await client.catalog.list()).find(({ id, name: title }) => isSame(id, name!) || isSame(title, name!))
  if (entry) {
    const fileName = await chooseCatalogFile(client, entry, quantization)
    return client.downloads.startFromCatalog({ entryId: entry.id, fileName })
  }
  const repository = await client.hubs.open({ reference: wanted })
  const variant = await chooseVariant(client, repository)
  return client.downloads.start({
    sourceId: repository.sourceId,
    repository: repository.repository,
    revision: repository.revision,
    variant,
  })
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

async function chooseCatalogFile(client: Client, entry: CatalogEntry, quantization?: string): Promise<string> {
  const noFile = new AppFailure('NO_GGUF', { repository: entry.name })
  if (quantization !== undefined) {
    const wanted = quantizationName(quantization)
    const file = entry.files.find((one) => isSame(quantizationName(one.quantization), wanted))
    if (!file) throw noFile
    return file.name
  }
  const recommended = await client.catalog.recommend({ entryId: entry.id })
  const smallest = [...entry.files].sort((a, b) => a.sizeBytes - b.sizeBytes)[0]
  const fileName = recommended?.fileName ?? smallest?.name
  if (fileName === undefined) throw noFile
  return fileName
}

async function chooseVariant(client: Client, repository: HubRepository): Promise<string> {
  if (repository.namedVariant !== null) return repository.namedVariant
  const variants = repository.variants.filter(({ type }) => type === 'model')
  if (variants.length === 0) throw new AppFailure('NO_GGUF', { repository: repository.repository })
  if (variants.length === 1) return variants[0]!.name
  const targets = variants.map((variant) => {
    return { type: 'hub' as const, file: firstFile(repository, variant), sizeBytes: variant.sizeBytes }
  })
  const fits = await client.fit.estimate({ targets })
  const candidates = variants.flatMap((variant, index) => {
    const bitsPerWeight = bitsPerWeightOf(variant.quantization)
    if (bitsPerWeight === null) return []
    return [{ file: { ...variant, bitsPerWeight, perplexity: null, certainty: 'seen' as const }, fit: fits[index]! }]
  })
  const recommended = recommendFile(candidates, await client.settings.get())
  return (recommended?.file ?? variants.sort((a, b) => a.sizeBytes - b.sizeBytes)[0]!).name
}

/** The remote file that a variant begins with. */
function firstFile({ sourceId, repository, revision }: HubRepository, { files }: HubVariant) {
  return { sourceId, repository, revision, path: files[0]!.path }
}
