/**
 * ModelScope by its own API. Search and descriptions come from its open API
 * (https://modelscope.cn/docs/openapi), lists of files and their bytes from the one that its own client
 * (https://github.com/modelscope/modelscope) uses.
 */
import { z } from 'zod'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { firstByteState } from './file-state.ts'
import { apiTimeoutMs, encodedPath, pageSize, sha256OrNull, type HubApi } from './hub-api.ts'
import { fetchGood, type RequestSubject, unreadableAnswer } from './hub-requests.ts'
import type { Source } from './hub-sources.ts'

const modelSchema = z.object({
  id: z.string(),
  license: z.string().nullish(),
  downloads: z.number().nullish(),
  likes: z.number().nullish(),
  last_modified: z.string().nullish(),
  gated: z.boolean().nullish(),
})
const searchSchema = z.object({ data: z.object({ models: z.array(modelSchema), total_count: z.number() }) })
const describeSchema = z.object({ data: modelSchema })
const filesSchema = z.object({
  Data: z.object({
    /** null: no such revision. */
    Files: z
      .array(
        z.object({
          Path: z.string(),
          Type: z.string(),
          Size: z.number(),
          Sha256: z.string().nullish(),
          Revision: z.string().nullish(),
        }),
      )
      .nullish(),
    LatestCommitter: z.object({ ShortId: z.string().nullish() }).nullish(),
  }),
})

export const modelScopeApi: HubApi = {
  defaultRevision: 'master',

  async search(source, { text, sort, cursor }) {
    const pageNumber = Number(cursor) || 1
    const query = new URLSearchParams({
      search: text,
      'filter.library': 'gguf',
      sort: sort === 'downloads' ? 'downloads' : 'last_modified',
      page_number: String(pageNumber),
      page_size: String(pageSize),
    })
    const { data } = await ask(source, '', `/openapi/v1/models?${query}`, searchSchema)
    return {
      results: data.models.map(({ id, downloads, likes, last_modified, gated }) => ({
        repository: id,
        downloads: downloads ?? null,
        likes: likes ?? null,
        updatedAt: timeOrNull(last_modified),
        isGated: gated ?? false,
      })),
      nextCursor: pageNumber * pageSize < data.total_count ? String(pageNumber + 1) : null,
    }
  },

  async describe(source, repository, revision) {
    const [{ data }, { Data }] = await Promise.all([
      ask(source, repository, `/openapi/v1/models/${encodedPath(repository)}`, describeSchema),
      listing(source, repository, revision ?? 'master'),
    ])
    // The commit is told in short; the file it changed has it in full.
    const shortId = Data.LatestCommitter?.ShortId
    const commit = shortId ? Data.Files?.find(({ Revision }) => Revision?.startsWith(shortId))?.Revision : null
    return {
      revision: commit ?? revision ?? 'master',
      isGated: data.gated ?? false,
      license: data.license || null,
      downloads: data.downloads ?? null,
      updatedAt: timeOrNull(data.last_modified),
    }
  },

  async files(source, repository, revision) {
    const { Data } = await listing(source, repository, revision)
    if (!Data.Files) {
      throw new AppFailure('HUB_NOT_FOUND', {
        host: new URL(source.endpoint).host,
        name: `${repository}@${revision}`,
      })
    }
    return Data.Files.filter(({ Type }) => Type === 'blob').map(({ Path, Size, Sha256 }) => ({
      path: Path,
      sizeBytes: Size,
      sha256: sha256OrNull(Sha256),
    }))
  },

  fileUrl({ endpoint }, { repository, revision, path }) {
    const query = new URLSearchParams({ Revision: revision, FilePath: path })
    return `${endpoint}/api/v1/models/${encodedPath(repository)}/repo?${query}`
  },

  /** Only the list of files tells their hashes, and so whether they are those of another hub. */
  async fileState(location, subject, signal) {
    const { origin, pathname, searchParams } = new URL(location.url)
    const path = searchParams.get('FilePath')
    const query = new URLSearchParams({ Revision: searchParams.get('Revision') ?? 'master', Recursive: 'true' })
    const [{ Data }, state] = await Promise.all([
      askJson({ url: `${origin}${pathname}/files?${query}`, headers: location.headers }, subject, filesSchema, signal),
      firstByteState(location, subject, signal),
    ])
    const file = Data.Files?.find(({ Path }) => Path === path)
    return { ...state, sha256: sha256OrNull(file?.Sha256) ?? state.sha256 }
  },

  pageUrl: (endpoint, repository) => `${endpoint}/models/${encodedPath(repository)}`,
}

function listing(source: Source, repository: string, revision: string) {
  const query = new URLSearchParams({ Revision: revision, Recursive: 'true' })
  return ask(source, repository, `/api/v1/models/${encodedPath(repository)}/repo/files?${query}`, filesSchema)
}

function ask<T>(source: Source, repository: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const pageUrl = modelScopeApi.pageUrl(source.licenseEndpoint, repository)
  return askJson({ url: source.endpoint + path, headers: source.headers }, { repository, pageUrl }, schema)
}

async function askJson<T>(
  location: { url: string; headers: Record<string, string> },
  subject: RequestSubject,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
): Promise<T> {
  const timeout = AbortSignal.timeout(apiTimeoutMs)
  const response = await fetchGood(location, subject, {
    headers: { accept: 'application/json' },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  })
  try {
    return schema.parse(await response.json())
  } catch (error) {
    throw unreadableAnswer(location.url, error)
  }
}

function timeOrNull(date: string | null | undefined): number | null {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? null : time
}
