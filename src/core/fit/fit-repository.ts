import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../database/open-database.ts'

export interface MemoryMeasurement {
  modelId: string
  /** What the memory depends on besides the model, as one text. */
  settings: string
  /** The back end. */
  gpu: string
  estimatedBytes: number
  measuredBytes: number
  /** Measured to estimated, as it may be held against other estimates. */
  ratio: number
}

const keptPerModel = 20

/** The tables `memory_measurements` and `machine_measurements`. */
export class FitRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  saveMemory({ modelId, settings, gpu, estimatedBytes, measuredBytes, ratio }: MemoryMeasurement): void {
    this.#database
      .prepare(
        `INSERT INTO memory_measurements
           (id, model_id, settings, gpu, estimated_bytes, measured_bytes, ratio, measured_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(uuidv7(), modelId, settings, gpu, estimatedBytes, measuredBytes, ratio, Date.now())
    this.#database
      .prepare(
        `DELETE FROM memory_measurements WHERE model_id = ? AND id NOT IN
           (SELECT id FROM memory_measurements WHERE model_id = ? ORDER BY id DESC LIMIT ?)`,
      )
      .run(modelId, modelId, keptPerModel)
  }

  /** Of the last load of this model with these settings; null if there was none. */
  measuredBytes(modelId: string, settings: string): number | null {
    const row = this.#database
      .prepare(
        `SELECT measured_bytes AS bytes FROM memory_measurements
         WHERE model_id = ? AND settings = ? ORDER BY id DESC LIMIT 1`,
      )
      .get(modelId, settings) as { bytes: number } | undefined
    return row?.bytes ?? null
  }

  /** Of the last loads with or without a graphics card whose estimate was not small, the newest first. */
  lastRatios(isOnGpu: boolean, minEstimatedBytes: number, limit: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT ratio FROM memory_measurements
         WHERE (gpu != 'cpu') = ? AND estimated_bytes >= ? ORDER BY id DESC LIMIT ?`,
      )
      .all(isOnGpu ? 1 : 0, minEstimatedBytes, limit) as { ratio: number }[]
    return rows.map(({ ratio }) => ratio)
  }

  saveMachineValue(name: string, value: number): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO machine_measurements (name, value, measured_at) VALUES (?, ?, ?)')
      .run(name, value, Date.now())
  }

  machineValue(name: string): number | null {
    const row = this.#database.prepare('SELECT value FROM machine_measurements WHERE name = ?').get(name)
    return (row as { value: number } | undefined)?.value ?? null
  }
}
