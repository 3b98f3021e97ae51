/**
 * A hub for tests: real HTTP servers on the loopback that speak the protocols of Hugging Face (twice:
 * itself and its mirror) and of ModelScope. Each of these sites redirects the bytes of large files to a
 * CDN, which is another origin. All sites show the same repositories; each has its own faults and its
 * own log of requests. Works in plain Node, so also beside a browser test.
 */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { type FakeFile, Faults, sendBytes } from './fake-hub-bytes.fixture.ts'
import { answerAsHuggingFace } from './fake-hub-hugging-face.fixture.ts'
import { answerAsModelScope } from './fake-hub-modelscope.fixture.ts'

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

export interface RequestLog {
  method: string
  /** Path and query. */
  url: string
  headers: IncomingMessage['headers']
}

export interface FakeOrigin {
  /** Such as `http://127.0.0.1:40000`. */
  url: string
  faults: Faults
  /** All that came in, in order. */
  requests: RequestLog[]
}

export interface FakeSite extends FakeOrigin {
  cdn: FakeOrigin
}

/** What a test says of a file. A path on disk is streamed; its SHA-256 is computed once unless it is given. */
export type FileContent = Buffer | string | { diskPath: string; sha256?: string }

export class FakeHub {
  readonly huggingFace: FakeSite
  readonly mirror: FakeSite
  readonly modelScope: FakeSite
  readonly repositories = new Map<string, FakeRepository>()
  readonly #closers: (() => Promise<void>)[]

  private constructor(sites: FakeSite[], closers: (() => Promise<void>)[]) {
    ;[this.huggingFace, this.mirror, this.modelScope] = sites as [FakeSite, FakeSite, FakeSite]
    this.#closers = closers
  }

  static async start(): Promise<FakeHub> {
    const closers: (() => Promise<void>)[] = []
    const hub: { value?: FakeHub } = {}
    const site = async (answer: typeof answerAsHuggingFace): Promise<FakeSite> => {
      const cdn = await listen(closers, (...exchange) => answerAsCdn(hub.value!, ...exchange))
      const own = await listen(closers, (request, response, faults) =>
        answer(hub.value!, { url: own.url, cdnUrl: cdn.url }, request, response, faults),
      )
      return { ...own, cdn }
    }
    hub.value = new FakeHub(
      [await site(answerAsHuggingFace), await site(answerAsHuggingFace), await site(answerAsModelScope)],
      closers,
    )
    return hub.value
  }

  get origins(): FakeOrigin[] {
    return [this.huggingFace, this.mirror, this.modelScope].flatMap((site) => [site, site.cdn])
  }

  /** The environment that makes a core use this hub. */
  get environment() {
    return {
      HF_ENDPOINT: this.huggingFace.url,
      YANGTUO_HF_MIRROR_ENDPOINT: this.mirror.url,
      YANGTUO_MODELSCOPE_ENDPOINT: this.modelScope.url,
    }
  }

  /** Adds a repository, or gives it a new commit with these files and no others. Returns the commit. */
  async put(
    name: string,
    files: Record<string, FileContent>,
    properties: Partial<Omit<FakeRepository, 'name' | 'commits'>> = {},
  ): Promise<string> {
    const entries = await Promise.all(Object.entries(files).map(([path, content]) => fakeFile(path, content)))
    const repository = this.repositories.get(name) ?? {
      name,
      access: 'open',
      tokens: [],
      license: 'apache-2.0',
      downloads: 0,
      likes: 0,
      updatedAt: new Date(),
      isGguf: true,
      commits: new Map<string, FakeFile[]>(),
    }
    Object.assign(repository, properties)
    const commit = createHash('sha1').update(`${repository.commits.size}${JSON.stringify(entries)}`).digest('hex')
    repository.commits.set(commit, entries)
    this.repositories.set(name, repository)
    return commit
  }

  /** Other bytes under the same path in every commit, as if history had been rewritten: a new ETag. */
  async replaceEverywhere(name: string, path: string, content: FileContent): Promise<void> {
    const file = await fakeFile(path, content)
    const { commits } = this.repositories.get(name)!
    for (const [commit, files] of commits) {
      commits.set(commit, files.map((old) => (old.path === path ? file : old)))
    }
  }

  /** The files at a branch or commit; undefined where there is none. */
  filesAt(repository: FakeRepository, revision: string): { commit: string; files: FakeFile[] } | undefined {
    const commit = /^(main|master|HEAD)$/.test(revision) ? [...repository.commits.keys()].at(-1)! : revision
    const files = repository.commits.get(commit)
    return files && { commit, files }
  }

  async close(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()))
  }
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

async function answerAsCdn(hub: FakeHub, request: IncomingMessage, response: ServerResponse, faults: Faults) {
  const [, name, commit, path] = new URL(request.url!, 'http://x').pathname.split('/').map(decodeURIComponent)
  const file = hub.repositories.get(name!)?.commits.get(commit!)?.find((one) => one.path === path)
  if (!file) return sendJson(response, 404, { error: 'not found' })
  await sendBytes(file, request, response, faults)
}

async function listen(
  closers: (() => Promise<void>)[],
  answer: (request: IncomingMessage, response: ServerResponse, faults: Faults) => unknown,
): Promise<FakeOrigin> {
  const faults = new Faults()
  const requests: RequestLog[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push({ method: request.method!, url: request.url!, headers: request.headers })
    response.on('error', () => {})
    try {
      if (!(await faults.interfere(request, response))) await answer(request, response, faults)
    } catch {
      response.destroy()
    }
  }
  const server = createServer({ highWaterMark: 2 ** 20 }, (request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, faults, requests }
}

async function fakeFile(path: string, content: FileContent): Promise<FakeFile> {
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
