/**
 * Hugging Face's protocol, as its API and `huggingface_hub` show it: lists and search with `Link` to the
 * next page, `resolve` that redirects large files to a CDN (302) and small ones to a cache on its own
 * origin (307, relative), LFS pointers under `raw`, and reasons in `X-Error-Code`.
 */
import { createHash } from 'node:crypto'
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

const treePageSize = 1000

export async function answerAsHuggingFace(
  repositories: FakeRepositories,
  site: { url: string; cdnUrl: string },
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  const url = new URL(request.url!, site.url)
  const segments = url.pathname.split('/').slice(1).map(decodeURIComponent)
  if (url.pathname === '/api/models') return search(repositories, url, response)
  const isApi = segments[0] === 'api' && segments[1] === 'models'
  const isCache = segments[0] === 'api' && segments[1] === 'resolve-cache'
  const [owner, name, verb, revision, ...rest] = segments.slice(isApi ? 2 : isCache ? 3 : 0)
  const repository = repositories.get(`${owner}/${name}`)
  // The real hub does not tell a stranger whether a repository is missing or private.
  if (!repository || (repository.access === 'token' && refusalOf(repository, request))) {
    const status = request.headers.authorization ? 404 : 401
    return refuse(response, status, 'RepoNotFound', 'Repository not found')
  }
  const found = filesAt(repository, isCache ? verb! : (revision ?? 'main'))
  if (!found) return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`)
  const { commit, files } = found
  if (isApi && (verb === undefined || verb === 'revision')) return info(repository, commit, files, url, response)
  if (isApi && verb === 'tree') return tree(files, rest.join('/'), url, response)
  if (verb !== 'resolve' && verb !== 'raw' && !isCache) return sendJson(response, 404, { error: 'not found' })

  const path = isCache ? [revision, ...rest].join('/') : rest.join('/')
  const file = files.find((one) => one.path === path)
  if (!file) return refuse(response, 404, 'EntryNotFound', 'Entry not found')
  const status = refusalOf(repository, request)
  if (status && !isCache) return refuse(response, status, 'GatedRepo', `Access to ${repository.name} is restricted.`)
  if (verb === 'raw' && file.isLarge) {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(lfsPointer(file))
    return
  }
  const headers = { 'x-repo-commit': commit, etag: `"${blobId(file)}"` }
  if (isCache || verb === 'raw') return sendBytes(file, request, response, faults, headers)
  const cachePath = encodeURI(`/api/resolve-cache/models/${repository.name}/${commit}/${file.path}`)
  if (file.isLarge) {
    response.writeHead(302, {
      'x-repo-commit': commit,
      'accept-ranges': 'bytes',
      'x-linked-size': String(file.sizeBytes),
      'x-linked-etag': `"${file.sha256}"`,
      location: site.cdnUrl + cdnPath(repository, commit, file),
    })
  } else {
    response.writeHead(307, { ...headers, 'x-linked-size': String(file.sizeBytes), location: cachePath })
  }
  response.end(request.method === 'HEAD' ? undefined : 'Temporary Redirect')
}

function search(repositories: FakeRepositories, url: URL, response: ServerResponse): void {
  const query = url.searchParams
  const words = (query.get('search') ?? '').toLowerCase()
  const limit = Number(query.get('limit') ?? 30)
  const offset = Number(query.get('cursor') ?? 0)
  const wantsGguf = query.getAll('filter').includes('gguf')
  const all = [...repositories.values()]
    .filter(({ name, isGguf }) => name.toLowerCase().includes(words) && (isGguf || !wantsGguf))
    .filter(({ access }) => access !== 'token')
  const key = query.get('sort')
  if (key === 'downloads') all.sort((a, b) => b.downloads - a.downloads)
  if (key === 'lastModified') all.sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
  const next = new URL(url)
  next.searchParams.set('cursor', String(offset + limit))
  sendJson(
    response,
    200,
    all.slice(offset, offset + limit).map((repository) => expanded(allFields(repository), query)),
    all.length > offset + limit ? { link: `<${next.href}>; rel="next"` } : {},
  )
}

function info(repository: FakeRepository, sha: string, files: FakeFile[], url: URL, response: ServerResponse): void {
  const siblings = files.map(({ path }) => ({ rfilename: path }))
  sendJson(response, 200, expanded({ ...allFields(repository), sha, siblings }, url.searchParams))
}

function tree(files: FakeFile[], folder: string, url: URL, response: ServerResponse): void {
  const prefix = folder && `${folder}/`
  const isRecursive = /^(1|true)$/i.test(url.searchParams.get('recursive') ?? '')
  const inside = files.filter(({ path }) => path.startsWith(prefix))
  const folders = new Set(
    inside.flatMap(({ path }) => {
      const parts = path.slice(prefix.length).split('/').slice(0, -1)
      return parts.slice(0, isRecursive ? parts.length : 1).map((_, i) => prefix + parts.slice(0, i + 1).join('/'))
    }),
  )
  const entries = [
    ...[...folders].map((path) => ({ type: 'directory', oid: sha1(path), size: 0, path })),
    ...inside
      .filter(({ path }) => isRecursive || !path.slice(prefix.length).includes('/'))
      .map((file) => ({
        type: 'file',
        oid: blobId(file),
        size: file.sizeBytes,
        path: file.path,
        ...(file.isLarge
          ? { lfs: { oid: file.sha256, size: file.sizeBytes, pointerSize: lfsPointer(file).length } }
          : {}),
      })),
  ]
  const offset = Number(url.searchParams.get('cursor') ?? 0)
  const next = new URL(url)
  next.searchParams.set('cursor', String(offset + treePageSize))
  const hasNext = entries.length > offset + treePageSize
  const link: Record<string, string> = hasNext ? { link: `<${next.href}>; rel="next"` } : {}
  sendJson(response, 200, entries.slice(offset, offset + treePageSize), link)
}

function allFields(repository: FakeRepository): Record<string, unknown> {
  const { name, access, license, downloads, likes, updatedAt, isGguf } = repository
  return {
    _id: sha1(name).slice(0, 24),
    id: name,
    private: access === 'token',
    gated: access === 'gated' ? 'manual' : false,
    downloads,
    likes,
    lastModified: updatedAt.toISOString(),
    pipeline_tag: 'text-generation',
    tags: [...(isGguf ? ['gguf'] : []), ...(license ? [`license:${license}`] : [])],
    ...(license ? { cardData: { license } } : {}),
  }
}

/** With `expand` only the named fields are sent. */
function expanded(fields: Record<string, unknown>, query: URLSearchParams): Record<string, unknown> {
  const names = [...query.getAll('expand'), ...query.getAll('expand[]')]
  if (names.length === 0) return fields
  return Object.fromEntries(Object.entries(fields).filter(([name]) => ['_id', 'id', ...names].includes(name)))
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: message }, { 'x-error-code': code, 'x-error-message': message })
}

function lfsPointer({ sha256, sizeBytes }: FakeFile): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${sizeBytes}\n`
}

/** Git's name of the bytes; of large files that of the pointer. */
function blobId(file: FakeFile): string {
  return sha1(file.isLarge ? lfsPointer(file) : file.sha256)
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
