/** What a download needs from the hubs. HubsService is it; tests of downloads may hand in another. */
import type { HubVariant, RemoteFile, SourceId } from '../../shared/contract/hubs.ts'

/** One place from which the bytes of a file can be fetched. */
export interface FileLocation {
  sourceId: SourceId
  url: string
  /**
   * For requests to `url`'s own origin, the access token among them. A redirect to another origin must
   * be followed by hand and without them.
   */
  headers: Record<string, string>
}

/** What a hub says about a file now, by a HEAD request. */
export interface RemoteFileState {
  sizeBytes: number
  /** Of LFS files the SHA-256 as hex; null where the hub does not say. */
  sha256: string | null
  /** Identifies this version of the bytes at this source; null where there is none. */
  etag: string | null
  /** The commit it was answered from; null where the hub does not say. */
  revision: string | null
}

export interface HubSource {
  /** Rejects with the codes of `hubs.open`. */
  findVariant(sourceId: SourceId, repository: string, revision: string, name: string): Promise<HubVariant>
  /**
   * Where the file can be had, the best first: the source it was chosen at, then others that have the
   * same repository (of `hf-mirror` the same name, of ModelScope what the catalog or the same name
   * says). Only the first if `settings.hubSource` names one source. Asks no network.
   */
  locations(file: RemoteFile): FileLocation[]
  /** Rejects with OFFLINE, HOST_UNREACHABLE, HUB_UNAUTHORIZED, HUB_GATED, HUB_NOT_FOUND, HUB_BUSY, HUB_FAILED. */
  fileState(location: FileLocation, signal?: AbortSignal): Promise<RemoteFileState>
  /** A response that is not the bytes asked for, or an error thrown by fetch, as one of the codes above. */
  failureOf(location: FileLocation, cause: Response | unknown): Error
}

