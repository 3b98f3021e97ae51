/** What lies in a folder of each kind, with what the place says of the files there. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { ModelFolder } from '../../shared/contract/model-folders.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { ModelFiles } from '../models/model-file.ts'
import type { FoundModel } from '../models/model-library.ts'
import { walkFolder } from './walk-folder.ts'

export type FoundFile = ModelFiles & Pick<FoundModel, 'name' | 'repository' | 'sha256'>

export interface Finds {
  models: FoundFile[]
  /** Folders in which a change may mean other models. */
  folders: string[]
}

/** Rejects with FOLDER_UNREADABLE. */
export async function findModels(
  { path, kind }: Pick<ModelFolder, 'path' | 'kind'>,
  signal?: AbortSignal,
): Promise<Finds> {
  if (kind === 'ollama') return findInOllama(path)
  if (kind === 'hugging-face') return findInHuggingFace(path, signal)
  const { models, folders } = await walkFolder(path, undefined, signal)
  if (kind === 'watched') return { models, folders }
  return { models: models.map((model) => ({ ...model, ...repositoryByPlace(model.path, path) })), folders }
}

/** LM Studio's layout, which is ours too: `<publisher>/<repository>/<file>`. */
function repositoryByPlace(path: string, root: string): { repository?: string } {
  const [publisher, repository, ...rest] = relative(root, path).split(sep)
  const isImported = publisher === 'imported'
  return rest.length === 1 && !isImported ? { repository: `${publisher}/${repository}` } : {}
}

const maxManifestBytes = 2 ** 20
const modelLayers = ['application/vnd.ollama.image.model', 'application/vnd.ollama.image.adapter']

/**
 * `manifests/<host>/<namespace>/<model>/<tag>` names the blobs of a model, `blobs/sha256-<hash>`
 * holds them. Source: https://github.com/ollama/ollama, server/internal/manifest.
 */
async function findInOllama(root: string): Promise<Finds> {
  const manifests = join(root, 'manifests')
  const entries = await readdir(manifests, { withFileTypes: true, recursive: true }).catch(unreadable(root))
  const models = new Map<string, FoundFile>()
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  // Several names may stand for one blob; `latest` tells the least.
  for (const path of paths.sort((a, b) => Number(a.endsWith('latest')) - Number(b.endsWith('latest')))) {
    const [host, namespace, model, tag] = relative(manifests, path).split(sep)
    if (!host || !namespace || !model || !tag) continue
    const owner = namespace === 'library' ? model : `${namespace}/${model}`
    const isOfHub = host === 'hf.co' || host === 'huggingface.co'
    for (const digest of await modelDigests(path)) {
      const blob = join(root, 'blobs', `sha256-${digest}`)
      const stats = await stat(blob).catch(() => null)
      if (!stats?.isFile() || models.has(blob)) continue
      models.set(blob, {
        path: blob,
        sizeBytes: stats.size,
        modifiedAt: Math.trunc(stats.mtimeMs),
        name: `${owner}:${tag}`,
        repository: isOfHub ? owner : undefined,
        sha256: digest,
      })
    }
  }
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  return { models: [...models.values()], folders: [manifests, ...folders] }
}

async function modelDigests(manifestPath: string): Promise<string[]> {
  try {
    if ((await stat(manifestPath)).size > maxManifestBytes) return []
    const { layers } = JSON.parse(await readFile(manifestPath, 'utf8')) as {
      layers: { mediaType: string; digest: string }[]
    }
    return layers
      .filter(({ mediaType }) => modelLayers.includes(mediaType))
      .flatMap(({ digest }) => /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] ?? [])
  } catch {
    return [] // half written, or of a newer version
  }
}

/** `models--<publisher>--<name>/snapshots/<revision>/` holds links to `blobs/<hash>`. */
async function findInHuggingFace(root: string, signal?: AbortSignal): Promise<Finds> {
  const entries = await readdir(root, { withFileTypes: true }).catch(unreadable(root))
  const finds: Finds = { models: [], folders: [root] }
  for (const { name } of entries.filter((entry) => entry.isDirectory() && entry.name.startsWith('models--'))) {
    const repository = name.slice('models--'.length).replaceAll('--', '/')
    const snapshots = join(root, name, 'snapshots')
    const revisions = await readdir(snapshots).catch(() => [])
    const main = (await readFile(join(root, name, 'refs/main'), 'utf8').catch(() => '')).trim()
    finds.folders.push(join(root, name))
    // A file that did not change between two revisions is one blob: it is listed in the newest.
    const seen = new Set<string>()
    for (const revision of revisions.sort((a, b) => Number(b === main) - Number(a === main))) {
      const { models, folders } = await walkFolder(join(snapshots, revision), seen, signal).catch(() => ({
        models: [],
        folders: [],
      }))
      finds.folders.push(...folders)
      for (const model of models) finds.models.push({ ...model, repository, sha256: await blobHash(model.path) })
    }
  }
  return finds
}

/** A blob of a large file is named by its SHA-256. */
async function blobHash(path: string): Promise<string | undefined> {
  const blob = basename(await realpath(path).catch(() => ''))
  return /^[0-9a-f]{64}$/.test(blob) ? blob : undefined
}

function unreadable(path: string) {
  return (error: NodeJS.ErrnoException): never => {
    throw new AppFailure('FOLDER_UNREADABLE', { path, reason: error.code ?? String(error) })
  }
}
