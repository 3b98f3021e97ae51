/**
 * The folders whose models are listed where they lie: the app's own, watched ones, and those of other
 * apps, which are found by themselves, off until a person turns them on, and only ever read. A folder
 * is scanned at the start, when something in it changes, when its drive comes back, and by hand.
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { ModelFolder } from '../../shared/contract/model-folders.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { EventStream } from '../event-stream.ts'
import type { ModelLibrary } from '../models/model-library.ts'
import type { Log } from '../ports.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { FolderWatch } from './folder-watch.ts'
import type { ModelFoldersRepository, StoredFolder } from './model-folders-repository.ts'
import type { OtherAppFolder } from './other-apps.ts'
import { scanFolder } from './scan.ts'

/** How often to look whether a folder is another one now: a drive was plugged in or out. */
const rootCheckMs = 10_000
/** A person reads no more of them; all are kept. */
const maxRefusedTold = 200

interface FolderState {
  scanning: Promise<void> | null
  /** Something changed while it was scanned. */
  scanAgain: boolean
  failure: ModelFolder['failure']
  /** Device and inode at the last scan; null = it was not there. */
  root: string | null
  watch: FolderWatch
}

interface ModelFoldersOptions {
  repository: ModelFoldersRepository
  library: ModelLibrary
  log: Log
  /** Looks at that many files at the same time. */
  width: number
  otherApps: OtherAppFolder[]
  settings: SettingsService
  /** Where downloads and imports go if the settings do not say otherwise. */
  modelsDirectory: string
  /** For models that leave the list. */
  unload: (modelId: string) => Promise<void>
  /** When there may be models that were not there before. */
  onScanned: () => void
}

export class ModelFoldersService {
  readonly #options: ModelFoldersOptions
  readonly #events = new EventStream<ModelFolder[]>()
  readonly #states = new Map<string, FolderState>()
  readonly #closing = new AbortController()
  #rootTimer: NodeJS.Timeout | undefined

  constructor(options: ModelFoldersOptions) {
    this.#options = options
  }

  /** Begins to scan all folders that are on, in the background. */
  start(): void {
    this.#checkOwnFolder()
    const known = new Set(this.#repository.list().map(({ path }) => path))
    for (const { path, kind } of this.#options.otherApps) {
      if (!known.has(path)) this.#repository.save({ id: uuidv7(), path, kind, isOn: false })
    }
    for (const folder of this.#repository.list()) if (folder.isOn) this.#scanInBackground(folder)
    this.#rootTimer = setInterval(() => void this.#checkRoots(), rootCheckMs).unref()
    void this.#followSettings()
  }

  watch(signal?: AbortSignal) {
    return this.#events.watch(this.#list(), signal)
  }

  async add(path: string): Promise<ModelFolder> {
    const root = resolve(path)
    const stats = await stat(root).catch((error: NodeJS.ErrnoException) => {
      throw new AppFailure('FOLDER_UNREADABLE', { path: root, reason: error.code ?? String(error) })
    })
    if (!stats.isDirectory()) throw new AppFailure('FOLDER_UNREADABLE', { path: root, reason: 'ENOTDIR' })
    const there = this.#repository.list().find((folder) => folder.path === root)
    if (there) return this.setOn(there.id, true)
    const folder: StoredFolder = { id: uuidv7(), path: root, kind: 'watched', isOn: true }
    this.#repository.save(folder)
    this.#scanInBackground(folder)
    return this.#told(folder)
  }

  async setOn(folderId: string, isOn: boolean): Promise<ModelFolder> {
    const before = this.#stored(folderId)
    const folder = { ...before, isOn }
    if (before.isOn !== isOn) {
      if (!isOn) await this.#takeOff(folderId)
      this.#repository.save(folder)
      if (isOn) this.#options.library.announce(...this.#options.library.repository.listIdsIn(folderId))
    }
    if (isOn) this.#scanInBackground(folder)
    this.#publish()
    return this.#told(folder)
  }

  /** Only a watched folder can be forgotten: the others come back by themselves, so they are turned off. */
  async remove(folderId: string): Promise<void> {
    const { kind } = this.#stored(folderId)
    if (kind !== 'watched') return void (await this.setOn(folderId, false))
    await this.#takeOff(folderId)
    this.#repository.delete(folderId)
    this.#states.delete(folderId)
    this.#publish()
  }

  /** Resolves when the folder has been scanned. */
  async scan(folderId: string): Promise<void> {
    const folder = this.#stored(folderId)
    if (folder.isOn) await this.#scan(folder)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    clearInterval(this.#rootTimer)
    for (const { watch } of this.#states.values()) watch.close()
    await Promise.allSettled([...this.#states.values()].map(async ({ scanning }) => scanning))
  }

  /** The own folder is where downloads go now; the one before is a watched one from then on. */
  #checkOwnFolder(): void {
    const { settings, modelsDirectory } = this.#options
    const path = settings.get().modelsDirectory ?? modelsDirectory
    const folders = this.#repository.list()
    const own = folders.find(({ kind }) => kind === 'own')
    if (own?.path === path) return
    if (own) this.#repository.save({ ...own, kind: 'watched' })
    const there = folders.find((folder) => folder.path === path)
    const folder: StoredFolder = { id: there?.id ?? uuidv7(), path, kind: 'own', isOn: true }
    this.#repository.save(folder)
    if (own) this.#scanInBackground(folder)
  }

  async #followSettings(): Promise<void> {
    for await (const _ of this.#options.settings.watch(this.#closing.signal)) this.#checkOwnFolder()
  }

  get #repository(): ModelFoldersRepository {
    return this.#options.repository
  }

  #stored(folderId: string): StoredFolder {
    const folder = this.#repository.list().find(({ id }) => id === folderId)
    if (!folder) throw new AppFailure('NOT_FOUND', { what: 'folder', id: folderId })
    return folder
  }

  #state(folderId: string): FolderState {
    let state = this.#states.get(folderId)
    if (!state) {
      const watch = new FolderWatch(() => this.#scanInBackground(this.#stored(folderId)))
      state = { scanning: null, scanAgain: false, failure: null, root: null, watch }
      this.#states.set(folderId, state)
    }
    return state
  }

  #scanInBackground(folder: StoredFolder): void {
    this.#scan(folder).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) {
        this.#options.log.error('A folder was not scanned', { path: folder.path, reason: String(error) })
      }
    })
  }

  /** One after the other; what comes while it runs is one more scan after it. */
  #scan(folder: StoredFolder): Promise<void> {
    const state = this.#state(folder.id)
    if (state.scanning) {
      state.scanAgain = true
      return state.scanning
    }
    const scanning = (async () => {
      do {
        state.scanAgain = false
        await this.#scanOnce(folder, state)
      } while (state.scanAgain && !this.#closing.signal.aborted)
    })().finally(() => {
      state.scanning = null
      if (!this.#closing.signal.aborted) this.#publish()
    })
    state.scanning = scanning
    this.#publish()
    return scanning
  }

  async #scanOnce(folder: StoredFolder, state: FolderState): Promise<void> {
    const { library, repository, width } = this.#options
    const { signal } = this.#closing
    state.root = await rootOf(folder.path)
    try {
      const onProgress = () => this.#publish()
      const folders = await scanFolder({ folder, library, repository, width, signal, onProgress })
      state.failure = null
      if (this.#isOn(folder.id)) state.watch.watch(folders)
      this.#options.onScanned()
    } catch (error) {
      if (signal.aborted || !this.#isOn(folder.id)) return
      if (!(error instanceof AppFailure)) throw error
      state.failure = error.toFailure()
      library.setPresent(library.repository.listIdsIn(folder.id), false)
    }
  }

  #isOn(folderId: string): boolean {
    return this.#repository.list().some(({ id, isOn }) => id === folderId && isOn)
  }

  async #takeOff(folderId: string): Promise<void> {
    const { library, unload } = this.#options
    this.#state(folderId).watch.close()
    const modelIds = library.repository.listIdsIn(folderId)
    await Promise.all(modelIds.map(unload))
    if (modelIds.length > 0) library.publish({ type: 'models-removed', modelIds })
  }

  /** A drive that is plugged in or out tells no watcher. */
  async #checkRoots(): Promise<void> {
    for (const folder of this.#repository.list().filter(({ isOn }) => isOn)) {
      const root = await rootOf(folder.path)
      if (this.#closing.signal.aborted) return
      if (root !== this.#state(folder.id).root) this.#scanInBackground(folder)
    }
  }

  #publish(): void {
    this.#events.publish(this.#list())
  }

  #list(): ModelFolder[] {
    return this.#repository.list().map((folder) => this.#told(folder))
  }

  #told(folder: StoredFolder): ModelFolder {
    const { scanning, failure } = this.#state(folder.id)
    const refused = this.#repository.refusedIn(folder.id).slice(0, maxRefusedTold)
    return {
      ...folder,
      isScanning: scanning !== null,
      modelCount: this.#options.library.repository.countIn(folder.id),
      refused: refused.map(({ path, failure }) => ({ path, failure })),
      failure,
    }
  }
}

async function rootOf(path: string): Promise<string | null> {
  return stat(path).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => null,
  )
}
