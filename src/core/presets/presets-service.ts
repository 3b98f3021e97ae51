import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { presetFileSchema } from '../../shared/contract/presets.ts'
import type { Preset, PresetFile } from '../../shared/contract/presets.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { EventStream } from '../event-stream.ts'
import { builtInPresets } from './built-in-presets.ts'
import type { PresetsRepository } from './presets-repository.ts'

type PresetContent = Pick<Preset, 'name' | 'systemPrompt' | 'sampling'>

/** The presets of the app and the person's own. The database has a change before anyone is told of it. */
export class PresetsService {
  readonly #repository: PresetsRepository
  readonly #changes = new EventStream<Preset[]>()
  #own: Preset[]

  constructor(repository: PresetsRepository) {
    this.#repository = repository
    this.#own = repository.list()
  }

  /** Those of the app first. */
  list(): Preset[] {
    return [...builtInPresets, ...this.#own]
  }

  watch(signal?: AbortSignal) {
    return this.#changes.watch(this.list(), signal)
  }

  create(content: PresetContent): Preset {
    const preset = newPreset(content, '')
    this.#save([preset])
    return preset
  }

  /** Throws NOT_FOUND, or READ_ONLY_PRESET for those of the app. */
  update(presetId: string, changes: Partial<PresetContent>): Preset {
    const preset: Preset = { ...this.#findOwn(presetId), ...withoutUndefined(changes), updatedAt: Date.now() }
    this.#save([preset])
    return preset
  }

  /** Throws as `update` does. */
  delete(presetId: string): Preset {
    const preset = this.#findOwn(presetId)
    this.#repository.delete(presetId)
    this.#changed()
    return preset
  }

  undelete(preset: Preset): Preset {
    const own = { ...preset, isBuiltIn: false }
    this.#save([own])
    return own
  }

  /** The text of a file. Throws NOT_FOUND. */
  export(presetIds: readonly string[]): string {
    const file: PresetFile = {
      format: 'yangtuo-presets',
      version: 1,
      presets: presetIds.map((id) => {
        const { name, source, systemPrompt, sampling } = this.#find(id)
        return { name, source, systemPrompt, sampling }
      }),
    }
    return JSON.stringify(file, null, 2)
  }

  /** Adds all presets of a file, or, if anything in it is wrong, none: PRESET_FILE_INVALID. */
  import(fileName: string, text: string): Preset[] {
    const presets = readPresetFile(fileName, text).presets.map(({ source, ...content }) => newPreset(content, source))
    this.#save(presets)
    return presets
  }

  promptVersions(owner: 'chat' | 'folder' | 'preset', ownerId: string) {
    return this.#repository.promptVersions(owner, ownerId)
  }

  #find(presetId: string): Preset {
    const preset = this.list().find(({ id }) => id === presetId)
    if (!preset) throw new AppFailure('NOT_FOUND', { what: 'preset', id: presetId })
    return preset
  }

  #findOwn(presetId: string): Preset {
    const preset = this.#find(presetId)
    if (preset.isBuiltIn) throw new AppFailure('READ_ONLY_PRESET', { name: preset.name })
    return preset
  }

  #save(presets: readonly Preset[]): void {
    this.#repository.save(presets)
    this.#changed()
  }

  #changed(): void {
    this.#own = this.#repository.list()
    this.#changes.publish(this.list())
  }
}

function newPreset(content: PresetContent, source: string): Preset {
  const now = Date.now()
  return { id: uuidv7(), ...content, source, isBuiltIn: false, createdAt: now, updatedAt: now }
}

function withoutUndefined<T extends object>(changes: T): T {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as T
}

function readPresetFile(fileName: string, text: string): PresetFile {
  try {
    // Some editors put a byte order mark before it.
    return presetFileSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch (error) {
    const detail = error instanceof z.ZodError ? firstIssue(error) : error instanceof Error ? error.message : String(error)
    throw new AppFailure('PRESET_FILE_INVALID', { fileName, detail })
  }
}

function firstIssue({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!
  return path.length > 0 ? `${path.join('.')}: ${message}` : message
}
