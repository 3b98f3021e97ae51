/** Where LM Studio, Ollama and Hugging Face's libraries keep their models. Nothing is ever written there. */
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ModelFolder } from '../../shared/contract/model-folders.ts'

export interface OtherAppFolder {
  path: string
  kind: Exclude<ModelFolder['kind'], 'own' | 'watched'>
}

/** Those that are there now. */
export async function foldersOfOtherApps(
  environment: NodeJS.ProcessEnv = process.env,
  home = homedir(),
): Promise<OtherAppFolder[]> {
  const cache = environment['XDG_CACHE_HOME'] || join(home, '.cache')
  const huggingFaceHome = environment['HF_HOME'] || join(cache, 'huggingface')
  const candidates: OtherAppFolder[] = [
    ...(await lmStudioFolders(home)).map((path) => ({ path, kind: 'lm-studio' as const })),
    ...[environment['OLLAMA_MODELS'], join(home, '.ollama/models'), '/usr/share/ollama/.ollama/models']
      .filter((path) => path !== undefined && path !== '')
      .map((path) => ({ path: path!, kind: 'ollama' as const })),
    { path: environment['HF_HUB_CACHE'] || join(huggingFaceHome, 'hub'), kind: 'hugging-face' },
  ]
  const arePresent = await Promise.all(candidates.map(({ path }) => isFolder(path)))
  const present = candidates.filter((_, index) => arePresent[index])
  return present.filter(({ path }, index) => present.findIndex((other) => other.path === path) === index)
}

/** Its own folder may be another one (`.lmstudio-home-pointer`), and its models elsewhere (`downloadsFolder`). */
async function lmStudioFolders(home: string): Promise<string[]> {
  const pointer = (await readFile(join(home, '.lmstudio-home-pointer'), 'utf8').catch(() => '')).trim()
  const homes = [pointer, join(home, '.lmstudio'), join(home, '.cache/lm-studio')].filter((path) => path !== '')
  const chosen = await Promise.all(homes.map(async (path) => downloadsFolder(join(path, 'settings.json'))))
  return [...chosen.filter((path) => path !== null), ...homes.map((path) => join(path, 'models'))]
}

async function downloadsFolder(settingsPath: string): Promise<string | null> {
  try {
    const settings = JSON.parse(await readFile(settingsPath, 'utf8')) as { downloadsFolder?: unknown } | null
    return typeof settings?.downloadsFolder === 'string' ? settings.downloadsFolder : null
  } catch {
    return null
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}
