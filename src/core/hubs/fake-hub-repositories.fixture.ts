/** What the sites of a fake hub show, and what they have in common in showing it. */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { FakeFile } from './fake-hub-bytes.fixture.ts'

export interface FakeRepository {
  name: string
  /** `open`: for all. `token`: 401 without one of `tokens`. `gated`: 403 with a token that is not one of them. */
  access: 'open' | 'token' | 'gated'
  tokens: string[]
  license: string | null
  downloads: number
  likes: number
  updatedAt: Date
  /** Search finds only these. */
  isGguf: boolean
  /** By commit, the newest last. */
  commits: Map<string, FakeFile[]>
}

/** By name. */
export type FakeRepositories = Map<string, FakeRepository>

/** What a test says of a file. A path on disk is streamed; its SHA-256 is computed once unless it is given. */
export type FileContent = Buffer | string | { diskPath: string; sha256?: string }

/** The files at a branch or commit; undefined where there is none. */
export function filesAt(
  { commits }: FakeRepository,
  revision: string,
): { commit: string; files: FakeFile[] } | undefined {
  const commit = /^(main|master|HEAD)$/.test(revision) ? [...commits.keys()].at(-1)! : revision
  const files = commits.get(commit)
  return files && { commit, files }
}

/** `status` to refuse a request of this repository's files with, 0 if it may be read. */
export function refusalOf(repository: FakeRepository, request: IncomingMessage): 0 | 401 | 403 {
  if (repository.access === 'open') return 0
  const token = request.headers.authorization?.replace(/^Bearer /, '')
  if (token && repository.tokens.includes(token)) return 0
  return token && repository.access === 'gated' ? 403 : 401
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

/** The address of bytes on a CDN: signed in real life, so no header is needed there. */
export function cdnPath(repository: FakeRepository, commit: string, file: FakeFile): string {
  return `/${encodeURIComponent(repository.name)}/${commit}/${encodeURIComponent(file.path)}?Signature=${file.sha256}`
}

export async function fakeFile(path: string, content: FileContent): Promise<FakeFile> {
  if (Buffer.isBuffer(content) || typeof content === 'string') {
    const bytes = Buffer.from(content)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { path, content: bytes, sizeBytes: bytes.length, sha256, isLarge: isLarge(path, bytes.length) }
  }
  const { diskPath } = content
  const hash = createHash('sha256')
  if (!content.sha256) await pipeline(createReadStream(diskPath, { highWaterMark: 2 ** 20 }), hash)
  const sizeBytes = statSync(diskPath).size
  const sha256 = content.sha256 ?? hash.digest('hex')
  return { path, content: { diskPath }, sizeBytes, sha256, isLarge: isLarge(path, sizeBytes) }
}

/** Kept by Git LFS. */
function isLarge(path: string, sizeBytes: number): boolean {
  return /\.(gguf|safetensors|bin)$/i.test(path) || sizeBytes > 10_000_000
}
