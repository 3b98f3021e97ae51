/**
 * What a person pasted, taken apart: `owner/repo`, `owner/repo:Q4_K_M`, `owner/repo/file.gguf`, or the
 * address of a page or file of a known hub. No name leaves here that `hub-names.ts` would not take.
 */
import type { SourceId } from '../../shared/contract/hubs.ts'
import { isRepositoryName, isRevision, isSafePath } from './hub-names.ts'

export interface HubReference {
  /** null: any source will do. */
  sourceId: SourceId | null
  repository: string
  /** null: the default branch. */
  revision: string | null
  path: string | null
  /** As typed. */
  quantization: string | null
}

const knownHosts: Record<string, SourceId> = {
  'huggingface.co': 'hugging-face',
  'www.huggingface.co': 'hugging-face',
  'hf.co': 'hugging-face',
  'hf-mirror.com': 'hf-mirror',
  'www.hf-mirror.com': 'hf-mirror',
  'modelscope.cn': 'modelscope',
  'www.modelscope.cn': 'modelscope',
}

/** First parts of addresses on Hugging Face that are no publishers. */
const otherPages = /^(api|blog|collections|datasets|docs|join|learn|login|models|new|papers|settings|spaces|tasks)$/

/** null if it is none. `endpoints` are the addresses in use, whose pages are known too. */
export function parseReference(text: string, endpoints: { id: SourceId; endpoint: string }[]): HubReference | null {
  const trimmed = text.trim()
  const parsed = addressOf(trimmed, endpoints) ?? parsePlain(trimmed)
  if (!parsed || !isRepositoryName(parsed.repository)) return null
  if (parsed.revision !== null && !isRevision(parsed.revision)) return null
  if (parsed.path !== null && !isSafePath(parsed.path)) return null
  return parsed
}

/** undefined if it is no address of a known hub; null if it is one of something else than a model. */
function addressOf(text: string, endpoints: { id: SourceId; endpoint: string }[]): HubReference | null | undefined {
  const hasScheme = /^https?:\/\//i.test(text)
  const firstPart = text.split(/[/:?#]/, 1)[0]!.toLowerCase()
  if (!hasScheme && !Object.hasOwn(knownHosts, firstPart)) return undefined
  // `hf.co/owner/repo:Q4_K_M` is how Ollama names a quantization.
  const url = URL.parse(hasScheme ? text : `https://${text}`)
  if (!url) return null
  const own = endpoints.find(({ endpoint }) => endpoint && isInside(url, endpoint))
  const sourceId = own?.id ?? (Object.hasOwn(knownHosts, url.host) ? knownHosts[url.host]! : null)
  if (!sourceId) return null
  const basePath = own ? new URL(own.endpoint).pathname.replace(/\/$/, '') : ''
  const parts = decodedParts(url.pathname.slice(basePath.length))
  if (!parts) return null
  return sourceId === 'modelscope' ? parseModelScope(parts, url) : parseHuggingFace(sourceId, parts, url)
}

function parseHuggingFace(sourceId: SourceId, parts: string[], url: URL): HubReference | null {
  const [owner, name, page, revision, ...rest] = parts
  if (!owner || !name || otherPages.test(owner)) return null
  const plain = splitQuantization(`${owner}/${name}`)
  const isFile = page === 'blob' || page === 'resolve' || page === 'raw'
  const path = isFile && rest.length > 0 ? rest.join('/') : url.searchParams.get('show_file_info')
  return { sourceId, ...plain, revision: isFile || page === 'tree' ? (revision ?? null) : null, path }
}

function parseModelScope(parts: string[], url: URL): HubReference | null {
  const isApi = parts[0] === 'api' && parts[1] === 'v1'
  const [models, owner, name, page, ...rest] = isApi ? parts.slice(2) : parts
  if (models !== 'models' || !owner || !name) return null
  const plain = { sourceId: 'modelscope' as const, ...splitQuantization(`${owner}/${name}`) }
  if (isApi) {
    return { ...plain, revision: url.searchParams.get('Revision'), path: url.searchParams.get('FilePath') }
  }
  if (page === 'resolve') return { ...plain, revision: rest[0] ?? null, path: rest.slice(1).join('/') || null }
  if (page === 'file' && rest[0] === 'view') {
    return { ...plain, revision: rest[1] ?? null, path: rest.slice(2).join('/') || null }
  }
  return { ...plain, revision: page === 'tree' ? (rest[0] ?? null) : null, path: null }
}

function parsePlain(text: string): HubReference | null {
  if (/^[a-z]+:\/\//i.test(text)) return null
  const [owner, name, ...rest] = text.split('/')
  if (!owner || !name) return null
  const path = rest.join('/') || null
  return { sourceId: null, ...splitQuantization(`${owner}/${name}`), revision: null, path }
}

function splitQuantization(name: string): { repository: string; quantization: string | null } {
  const at = name.lastIndexOf(':')
  return at < 0
    ? { repository: name, quantization: null }
    : { repository: name.slice(0, at), quantization: name.slice(at + 1) || null }
}

function isInside(url: URL, endpoint: string): boolean {
  const base = URL.parse(endpoint)
  return base !== null && base.host === url.host && url.pathname.startsWith(base.pathname)
}

function decodedParts(pathname: string): string[] | null {
  try {
    return pathname.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    return null
  }
}
