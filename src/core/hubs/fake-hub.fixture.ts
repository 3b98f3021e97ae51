/**
 * A hub for tests: real HTTP servers on the loopback that speak the protocols of Hugging Face (twice:
 * itself and its mirror) and of ModelScope. Each of these sites redirects the bytes of large files to a
 * CDN, which is another origin. All sites show the same repositories; each has its own faults and its
 * own log of requests. Works in plain Node, so also beside a browser test.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FakeFile, Faults, sendBytes } from './fake-hub-bytes.fixture.ts'
import { answerAsHuggingFace } from './fake-hub-hugging-face.fixture.ts'
import { answerAsModelScope } from './fake-hub-modelscope.fixture.ts'
import {
  fakeFile,
  sendJson,
  type FakeRepositories,
  type FakeRepository,
  type FileContent,
} from './fake-hub-repositories.fixture.ts'

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

export class FakeHub {
  readonly huggingFace: FakeSite
  readonly mirror: FakeSite
  readonly modelScope: FakeSite
  readonly repositories: FakeRepositories
  readonly #closers: (() => Promise<void>)[]

  private constructor(repositories: FakeRepositories, sites: FakeSite[], closers: (() => Promise<void>)[]) {
    this.repositories = repositories
    ;[this.huggingFace, this.mirror, this.modelScope] = sites as [FakeSite, FakeSite, FakeSite]
    this.#closers = closers
  }

  static async start(): Promise<FakeHub> {
    const closers: (() => Promise<void>)[] = []
    const repositories: FakeRepositories = new Map()
    const site = async (answer: typeof answerAsHuggingFace): Promise<FakeSite> => {
      const cdn = await listen(closers, (...exchange) => answerAsCdn(repositories, ...exchange))
      const own = await listen(closers, (...exchange) =>
        answer(repositories, { url: own.url, cdnUrl: cdn.url }, ...exchange),
      )
      return { ...own, cdn }
    }
    const sites = [await site(answerAsHuggingFace), await site(answerAsHuggingFace), await site(answerAsModelScope)]
    return new FakeHub(repositories, sites, closers)
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
    const contents = entries.map(({ path, sha256 }) => `${path} ${sha256}`)
    const commit = createHash('sha1').update(`${repository.commits.size} ${contents.join()}`).digest('hex')
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

  async close(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()))
  }
}

async function answerAsCdn(
  repositories: FakeRepositories,
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  const [, name, commit, path] = new URL(request.url!, 'http://x').pathname.split('/').map(decodeURIComponent)
  const file = repositories.get(name!)?.commits.get(commit!)?.find((one) => one.path === path)
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
