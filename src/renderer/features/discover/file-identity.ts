/** Recognises a file of a hub among the downloads and the models of this machine. */
import type { Download } from '../../../shared/contract/downloads.ts'
import type { Model } from '../../../shared/contract/models.ts'

/** A file that can be downloaded, as it is known on each hub that has it. */
export interface FileIdentity {
  repositories: readonly string[]
  fileName: string
  sha256: string | null
}

/** Of a path with `/` or `\`. */
function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

export function findDownload(downloads: ReadonlyMap<string, Download> | null, file: FileIdentity): Download | null {
  return (
    [...(downloads?.values() ?? [])].find(
      ({ repository, files }) =>
        file.repositories.includes(repository) && files.some(({ path }) => lastPart(path) === file.fileName),
    ) ?? null
  )
}

/** The model on this machine that is this file: what was downloaded as it, or the same file from elsewhere. */
export function findModel(
  models: ReadonlyMap<string, Model> | null,
  file: FileIdentity,
  download: Download | null,
): Model | null {
  const downloaded = download?.modelId && models?.get(download.modelId)
  if (downloaded && downloaded.isPresent) return downloaded
  return (
    [...(models?.values() ?? [])].find(({ isPresent, sha256, repository, fileName, path }) => {
      if (!isPresent) return false
      if (file.sha256 !== null && sha256 !== null) return sha256 === file.sha256
      const isOfRepository = repository !== null && file.repositories.includes(repository)
      return isOfRepository && (fileName === file.fileName || lastPart(path) === file.fileName)
    }) ?? null
  )
}
