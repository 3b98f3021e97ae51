/** Hugging Face and what speaks its protocol, through its own client library. */
import { listFiles, listModels, modelInfo } from '@huggingface/hub'
import type { HubFile, HubResult } from '../../shared/contract/hubs.ts'
import { headFileState } from './file-state.ts'
import { apiTimeoutMs, encodedPath, pageSize, sha256OrNull, type HubApi } from './hub-api.ts'
import { fetchGood, unreadableAnswer } from './hub-requests.ts'
import type { Source } from './hub-sources.ts'

export const huggingFaceApi: HubApi = {
  defaultRevision: 'main',

  async search(source, { text, sort, cursor }) {
    let nextCursor: string | null = null
    const models = listModels({
      hubUrl: source.endpoint,
      search: { query: text, tags: ['gguf'] },
      sort: sort === 'downloads' ? 'downloads' : 'lastModified',
      limit: pageSize,
      // The library cannot begin at a later page. Only the cursor is taken from `Link`: the address
      // there may be another host's.
      fetch: async (input) => {
        const url = new URL(String(input))
        if (cursor) url.searchParams.set('cursor', cursor)
        const response = await sender(source, '')(url.href)
        const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
        nextCursor = (next && URL.parse(next)?.searchParams.get('cursor')) || null
        return response
      },
    })
    return understood(source, async () => {
      const results: HubResult[] = []
      for await (const { name, downloads, likes, updatedAt, gated } of models) {
        results.push({
          repository: name,
          downloads: downloads ?? null,
          likes: likes ?? null,
          updatedAt: timeOrNull(updatedAt),
          isGated: Boolean(gated),
        })
      }
      return { results, nextCursor }
    })
  },

  async describe(source, repository, revision) {
    return understood(source, async () => {
      const { sha, gated, cardData, tags, downloads, updatedAt } = await modelInfo({
        name: repository,
        hubUrl: source.endpoint,
        revision: revision ?? undefined,
        additionalFields: ['sha', 'cardData', 'tags'],
        fetch: sender(source, repository),
      })
      const license = cardData?.license ?? tags?.find((tag) => tag.startsWith('license:'))?.slice('license:'.length)
      return {
        revision: sha,
        isGated: Boolean(gated),
        license: typeof license === 'string' ? license : null,
        downloads: downloads ?? null,
        updatedAt: timeOrNull(updatedAt),
      }
    })
  },

  async files(source, repository, revision) {
    const entries = listFiles({
      repo: { type: 'model', name: repository },
      hubUrl: source.endpoint,
      revision: encodeURIComponent(revision),
      recursive: true,
      fetch: sender(source, repository),
    })
    return understood(source, async () => {
      const files: HubFile[] = []
      for await (const { type, path, size, lfs } of entries) {
        if (type === 'file') files.push({ path, sizeBytes: lfs?.size ?? size, sha256: sha256OrNull(lfs?.oid) })
      }
      return files
    })
  },

  fileUrl: ({ endpoint }, { repository, revision, path }) =>
    `${endpoint}/${encodedPath(repository)}/resolve/${encodeURIComponent(revision)}/${encodedPath(path)}`,

  fileState: headFileState,

  pageUrl: (endpoint, repository) => `${endpoint}/${encodedPath(repository)}`,
}

/**
 * A `fetch` for the library that sends the token to the source only, and fails with our codes. (The
 * library's own `accessToken` takes only those of huggingface.co, which begin with `hf_`.)
 */
function sender(source: Source, repository: string) {
  return (input: string | URL | Request): Promise<Response> => {
    const url = new URL(String(input), source.endpoint)
    // Its `Link` to the next page of a list may name the origin it mirrors.
    const own = new URL(source.endpoint)
    url.protocol = own.protocol
    url.host = own.host
    return fetchGood(
      { url: url.href, headers: source.headers },
      { repository, pageUrl: huggingFaceApi.pageUrl(source.licenseEndpoint, repository) },
      { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(apiTimeoutMs) },
    )
  }
}

/** Of answers that are not what the library expects, such as a page to log in to a network. */
async function understood<T>(source: Source, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unreadableAnswer(source.endpoint, error)
  }
}

function timeOrNull(date: Date): number | null {
  const time = date.getTime()
  return Number.isNaN(time) ? null : time
}
