/** What every kind of hub can be asked. Each call is about one source and rejects with the codes of the hubs. */
import type { HubFile, HubRepository, HubResult } from '../../shared/contract/hubs.ts'
import type { RequestSubject } from './hub-requests.ts'
import type { FileLocation, RemoteFileState } from './hub-source.ts'
import type { Source } from './hub-sources.ts'

export interface HubApi {
  /** A page of at most 30; `cursor` is what the page before said. */
  search(
    source: Source,
    query: { text: string; sort: 'downloads' | 'updated'; cursor: string | null },
  ): Promise<{ results: HubResult[]; nextCursor: string | null }>
  /** `revision` null: of the default branch. The commit is in the answer. */
  describe(
    source: Source,
    repository: string,
    revision: string | null,
  ): Promise<Pick<HubRepository, 'revision' | 'isGated' | 'license' | 'downloads' | 'updatedAt'>>
  files(source: Source, repository: string, revision: string): Promise<HubFile[]>
  /** Where the bytes of a file are. */
  fileUrl(source: Source, file: { repository: string; revision: string; path: string }): string
  /** See `HubSource`. */
  fileState(location: FileLocation, subject: RequestSubject, signal?: AbortSignal): Promise<RemoteFileState>
  /** The page for people; `endpoint` of a source, or its `licenseEndpoint`. */
  pageUrl(endpoint: string, repository: string): string
  /** The branch that has the newest files. */
  defaultRevision: string
}

/** Of a list or a description; not of bytes. */
export const apiTimeoutMs = 20_000
export const pageSize = 30

export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** The SHA-256 as hex, or null if it is something else. */
export function sha256OrNull(text: string | null | undefined): string | null {
  const hash = text?.replace(/^(W\/)?"|"$/g, '').toLowerCase()
  return hash && /^[0-9a-f]{64}$/.test(hash) ? hash : null
}
