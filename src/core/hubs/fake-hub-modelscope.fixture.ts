/**
 * ModelScope's own protocol, as its clients show it: answers in an envelope with its own `Code`, the
 * branch `master`, a SHA-256 for every file, bytes under `/api/v1/models/{repo}/repo` and
 * `/models/{repo}/resolve`, large ones redirected to a CDN; search under `/openapi/v1/models`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FakeFile, type Faults, sendBytes } from './fake-hub-bytes.fixture.ts'
import {
  cdnPath,
  filesAt,
  refusalOf,
  sendJson,
  type FakeRepositories,
  type FakeRepository,
} from './fake-hub-repositories.fixture.ts'

export async function answerAsModelScope(
  repositories: FakeRepositories,
  site: { url: string; cdnUrl: string },
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  const url = new URL(request.url!, site.url)
  if (url.pathname === '/openapi/v1/models') return search(repositories, url, response)
  const segments = url.pathname.split('/').slice(1).map(decodeURIComponent)
  const isOpenApi = segments[0] === 'openapi'
  const isApi = segments[0] === 'api' && segments[1] === 'v1' && segments[2] === 'models'
  if (!isApi && !isOpenApi && segments[0] !== 'models') return refuse(response, 404, 'not found')
  const [owner, name, verb, ...rest] = segments.slice(isApi || isOpenApi ? 3 : 1)
  const repository = repositories.get(`${owner}/${name}`)
  if (!repository) return refuse(response, 404, 'Record not found')
  const status = refusalOf(repository, request)
  if (status) return refuse(response, status, 'Permission denied')
  if (isOpenApi) return sendJson(response, 200, { success: true, data: description(repository) })

  const revision = (isApi ? url.searchParams.get('Revision') : rest[0]) ?? 'master'
  const found = filesAt(repository, revision)
  if (isApi && verb === 'repo' && rest[0] === 'files') return list(found, url, response)
  const path = isApi ? url.searchParams.get('FilePath') : rest.slice(1).join('/')
  const file = found?.files.find((one) => one.path === path)
  if (!found || !file) return refuse(response, 404, 'Get file failed')
  if (!file.isLarge) return sendBytes(file, request, response, faults, { etag: `"${file.sha256}"` })
  const location = site.cdnUrl + cdnPath(repository, found.commit, file)
  response.writeHead(302, { location }).end()
}

function description({ name, downloads, likes, license, updatedAt, access }: FakeRepository) {
  return { id: name, license, downloads, likes, last_modified: updatedAt.toISOString(), gated: access === 'gated' }
}

/** An unknown revision is no error there: it has no files. */
function list(found: { commit: string; files: FakeFile[] } | undefined, url: URL, response: ServerResponse): void {
  const isRecursive = /^true$/i.test(url.searchParams.get('Recursive') ?? '')
  const files = found?.files ?? []
  const folders = new Set(files.flatMap(({ path }) => path.split('/').slice(0, -1)[0] ?? []))
  const entries = [
    ...[...folders].map((path) => ({ Path: path, Name: path, Type: 'tree', Size: 0 })),
    ...files
      .filter(({ path }) => isRecursive || !path.includes('/'))
      .map((file) => ({
        Path: file.path,
        Name: file.path.split('/').at(-1),
        Type: 'blob',
        Size: file.sizeBytes,
        Sha256: file.sha256,
        IsLFS: file.isLarge,
        Revision: found!.commit,
      })),
  ]
  sendJson(response, 200, {
    Code: 200,
    Success: true,
    Message: 'success',
    Data: {
      Files: found ? entries : null,
      LatestCommitter: found ? { Id: '', ShortId: found.commit.slice(0, 8) } : null,
    },
  })
}

function search(repositories: FakeRepositories, url: URL, response: ServerResponse): void {
  const query = url.searchParams
  const words = (query.get('search') ?? '').toLowerCase()
  const pageSize = Number(query.get('page_size') ?? 10)
  const offset = (Number(query.get('page_number') ?? 1) - 1) * pageSize
  const wantsGguf = query.getAll('filter.library').includes('gguf')
  const all = [...repositories.values()]
    .filter(({ name, isGguf }) => name.toLowerCase().includes(words) && (isGguf || !wantsGguf))
    .filter(({ access }) => access !== 'token')
  if (query.get('sort') === 'downloads') all.sort((a, b) => b.downloads - a.downloads)
  if (query.get('sort') === 'last_modified') all.sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
  sendJson(response, 200, {
    success: true,
    data: {
      total_count: all.length,
      page_number: offset / pageSize + 1,
      page_size: pageSize,
      models: all.slice(offset, offset + pageSize).map(description),
    },
  })
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { Code: 10010205001, Success: false, Message: message, Data: null })
}
