/**
 * What the app asks of hubs: search, the models of a repository, what the header of a file tells, and
 * where its bytes are. Which source is asked is decided here, and what is done when one does not answer.
 */
import type {
  HubRepository,
  HubResult,
  HubVariant,
  RemoteFile,
  RemoteMetadata,
  SourceId,
  SourceTest,
} from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { GgufHeader } from '../../shared/lib/gguf-header.ts'
import { allParts } from '../../shared/lib/split-files.ts'
import type { HubApi } from './hub-api.ts'
import { parseReference, type HubReference } from './hub-reference.ts'
import { failedRequest, failureOfAll } from './hub-requests.ts'
import type { FileLocation, HubSource, RemoteFileState } from './hub-source.ts'
import type { HubSources, Source } from './hub-sources.ts'
import { variantByQuantization, variantsOf } from './hub-variants.ts'
import { huggingFaceApi } from './hugging-face-api.ts'
import { modelScopeApi } from './modelscope-api.ts'
import { readRemoteHeader, type RemoteHeader } from './remote-header.ts'
import { remoteMetadata } from './remote-metadata.ts'
import { testSource } from './source-test.ts'

/** What the same repository is called on the other kind of hub; null where nobody knows. */
export interface RepositoryNames {
  modelScopeNameOf: (huggingFaceName: string) => string | null
  huggingFaceNameOf: (modelScopeName: string) => string | null
}

const maxKeptHeaders = 200

export class HubsService implements HubSource {
  readonly #sources: HubSources
  readonly #names: RepositoryNames
  /** Of files at a commit, which never change. */
  readonly #headers = new Map<string, Promise<RemoteHeader>>()

  constructor(sources: HubSources, names: RepositoryNames) {
    this.#sources = sources
    this.#names = names
  }

  sources() {
    return this.#sources.list()
  }

  setToken(sourceId: SourceId, token: string | null): void {
    this.#sources.setToken(sourceId, token)
  }

  test(sourceId: SourceId): Promise<SourceTest> {
    return testSource(sourceId, apiOf(sourceId), () => this.#sources.get(sourceId))
  }

  async search(query: { text: string; sort: 'downloads' | 'updated'; cursor: string | null }): Promise<{
    sourceId: SourceId
    results: HubResult[]
    nextCursor: string | null
  }> {
    // The next page comes from where the first one came from, which is written before its cursor.
    const [, fixedId, cursor = null] = /^([a-z-]+) (.*)$/s.exec(query.cursor ?? '') ?? []
    const fixed = this.#sources.list().find(({ id }) => id === fixedId)
    return this.#firstAnswer(fixed ? [this.#sources.get(fixed.id)] : await this.#sources.ordered(), async (source) => {
      const { results, nextCursor } = await apiOf(source.id).search(source, { ...query, cursor })
      return { sourceId: source.id, results, nextCursor: nextCursor && `${source.id} ${nextCursor}` }
    })
  }

  async open(text: string, sourceId: SourceId | null = null): Promise<HubRepository> {
    const reference = parseReference(text, this.#sources.list())
    if (!reference) throw new AppFailure('REFERENCE_INVALID', { text })
    const namedId = reference.sourceId ?? sourceId
    const sources = namedId ? await this.#sourceOrMirror(namedId) : await this.#sources.ordered()
    return this.#firstAnswer(sources, async (source) => {
      // A name without a source is one of Hugging Face.
      const isElsewhere = !namedId && source.id === 'modelscope'
      const otherName = isElsewhere ? this.#names.modelScopeNameOf(reference.repository) : null
      return this.#openAt(source, otherName ? { ...reference, repository: otherName } : reference)
    })
  }

  async findVariant(sourceId: SourceId, repository: string, revision: string, name: string): Promise<HubVariant> {
    const files = await apiOf(sourceId).files(this.#sources.get(sourceId), repository, revision)
    const variant = variantsOf(files).find((one) => one.name === name)
    if (!variant) throw new AppFailure('NO_GGUF', { repository })
    return variant
  }

  locations(file: RemoteFile): FileLocation[] {
    const own = this.#sources.get(file.sourceId)
    const others = this.#sources.isAutomatic ? this.#sources.known().filter(({ id }) => id !== own.id) : []
    return [own, ...others].map((source) => ({
      sourceId: source.id,
      url: apiOf(source.id).fileUrl(source, this.#namedAt(source.id, file)),
      headers: source.headers,
    }))
  }

  fileState(location: FileLocation, signal?: AbortSignal): Promise<RemoteFileState> {
    return apiOf(location.sourceId).fileState(location, this.#subjectOf(location), signal)
  }

  failureOf(location: FileLocation, cause: unknown): Error {
    return failedRequest(location, this.#subjectOf(location), cause)
  }

  /** Of a split model (named by its first part), the metadata of the first part and the tensors of all. */
  async header(file: RemoteFile): Promise<GgufHeader> {
    return (await this.#readHeader(file)).header
  }

  async metadata(file: RemoteFile): Promise<RemoteMetadata> {
    return remoteMetadata(file, await this.#readHeader(file))
  }

  async #openAt(source: Source, { repository, revision, path, quantization }: HubReference): Promise<HubRepository> {
    const api = apiOf(source.id)
    const description = await api.describe(source, repository, revision)
    const variants = variantsOf(await api.files(source, repository, description.revision))
    const named = path
      ? variants.find(({ files }) => files.some((file) => file.path === path))
      : quantization && variantByQuantization(variants, quantization)
    if (variants.length === 0 || ((path || quantization) && !named)) throw new AppFailure('NO_GGUF', { repository })
    return {
      ...description,
      sourceId: source.id,
      repository,
      url: api.pageUrl(source.endpoint, repository),
      variants,
      namedVariant: named ? named.name : null,
    }
  }

  #readHeader(file: RemoteFile): Promise<RemoteHeader> {
    const key = JSON.stringify(file)
    const known = this.#headers.get(key)
    if (known) return known
    const reading = this.#readParts(file)
    if (/^[0-9a-f]{40}$/.test(file.revision)) {
      this.#headers.set(key, reading)
      if (this.#headers.size > maxKeptHeaders) this.#headers.delete(this.#headers.keys().next().value!)
      reading.catch(() => this.#headers.delete(key))
    }
    return reading
  }

  async #readParts(file: RemoteFile): Promise<RemoteHeader> {
    const parts = await Promise.all(
      allParts(file.path).map((path) =>
        this.#firstAnswer(this.locations({ ...file, path }), async (location) => {
          const { sizeBytes } = await this.fileState(location)
          return readRemoteHeader(location, this.#subjectOf(location), path, sizeBytes)
        }),
      ),
    )
    return {
      header: { ...parts[0]!.header, tensors: parts.flatMap(({ header }) => header.tensors) },
      transferredBytes: parts.reduce((sum, part) => sum + part.transferredBytes, 0),
    }
  }

  /** Asks one after the other until one answers. */
  async #firstAnswer<Place extends Source | FileLocation, T>(
    places: Place[],
    ask: (place: Place) => Promise<T>,
  ): Promise<T> {
    const failures: AppFailure[] = []
    for (const place of places) {
      try {
        return await ask(place)
      } catch (error) {
        if (!(error instanceof AppFailure)) throw error
        failures.push(error)
        const isAtFault = error.code === 'HOST_UNREACHABLE' || error.code === 'HUB_BUSY' || error.code === 'HUB_FAILED'
        if (isAtFault) this.#sources.demote('id' in place ? place.id : place.sourceId)
      }
    }
    throw failureOfAll(failures)
  }

  /** Hugging Face and its mirror have the same; the one that answers faster is first. */
  async #sourceOrMirror(id: SourceId): Promise<Source[]> {
    const hasMirror = id === 'hugging-face' || id === 'hf-mirror'
    if (!hasMirror || !this.#sources.isAutomatic) return [this.#sources.get(id)]
    return (await this.#sources.ordered()).filter((source) => source.id === 'hugging-face' || source.id === 'hf-mirror')
  }

  /** The file by the names of another source. Its commits are those of the same kind of hub only. */
  #namedAt(sourceId: SourceId, { repository, revision, path, ...file }: RemoteFile) {
    const api = apiOf(sourceId)
    if (apiOf(file.sourceId) === api) return { repository, revision, path }
    const otherName =
      api === modelScopeApi ? this.#names.modelScopeNameOf(repository) : this.#names.huggingFaceNameOf(repository)
    return { repository: otherName ?? repository, revision: api.defaultRevision, path }
  }

  #subjectOf({ sourceId, url }: FileLocation) {
    const [, repository = ''] = /([^/]+\/[^/]+)\/(?:resolve\/|repo$)/.exec(decodeURI(new URL(url).pathname)) ?? []
    return { repository, pageUrl: apiOf(sourceId).pageUrl(this.#sources.get(sourceId).licenseEndpoint, repository) }
  }
}

function apiOf(sourceId: SourceId): HubApi {
  return sourceId === 'modelscope' ? modelScopeApi : huggingFaceApi
}
