/**
 * The keys that programs show to the HTTP server. Invariant: a secret is known only while it is created or
 * checked; what is kept is its SHA-256, which is enough for 256 random bits.
 */
import { createHash, randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { apiScopes, type ApiKey, type ApiScope } from '../../shared/contract/api-server.ts'
import type { Log } from '../ports.ts'
import type { ApiKeysRepository } from './api-keys-repository.ts'
import type { ApiKeyCheck } from './api-services.ts'

/** A key's last use is noted so often at most. */
const notePeriodMs = 60_000

export class ApiKeysService implements ApiKeyCheck {
  readonly #repository: ApiKeysRepository
  readonly #log: Log
  /** By the hash of their secret, in order of creation. */
  readonly #keys: Map<string, ApiKey>
  readonly #temporaryKeys = new Map<string, ApiKey>()

  constructor(repository: ApiKeysRepository, log: Log) {
    this.#repository = repository
    this.#log = log
    this.#keys = new Map(repository.list().map(({ key, hash }) => [hash, key]))
  }

  /** Those that were created. */
  list(): ApiKey[] {
    return [...this.#keys.values()]
  }

  /** Whether `check` could accept anything. */
  get hasKeys(): boolean {
    return this.#keys.size > 0 || this.#temporaryKeys.size > 0
  }

  /** The only time that the secret leaves. */
  create(name: string, scopes: ApiScope[]): { key: ApiKey; secret: string } {
    const secret = `yt-${randomBytes(32).toString('base64url')}`
    const key = newKey(name, secret.slice(-4), [...new Set(scopes)])
    this.#repository.insert(key, hashOf(secret))
    this.#keys.set(hashOf(secret), key)
    return { key, secret }
  }

  /** From the next request on it is refused. */
  remove(keyId: string): void {
    this.#repository.delete(keyId)
    for (const [hash, { id }] of this.#keys) if (id === keyId) this.#keys.delete(hash)
  }

  /** A key for all scopes until the host ends, such as one of the command line. Not in the list, never written down. */
  addTemporary(secret: string): void {
    if (secret === '') throw new Error('An API key is empty')
    this.#temporaryKeys.set(hashOf(secret), newKey('--api-key', '', [...apiScopes]))
  }

  check(secret: string): ApiKey | null {
    const hash = hashOf(secret)
    const key = this.#keys.get(hash)
    if (!key) return this.#temporaryKeys.get(hash) ?? null
    const now = Date.now()
    if (now - (key.lastUsedAt ?? 0) < notePeriodMs) return key
    const used = { ...key, lastUsedAt: now }
    this.#keys.set(hash, used)
    this.#noteUse(used.id, now)
    return used
  }

  /** A full disk must not turn a good key away. */
  #noteUse(keyId: string, lastUsedAt: number): void {
    try {
      this.#repository.setLastUsedAt(keyId, lastUsedAt)
    } catch (error) {
      this.#log.warn('The use of an API key was not noted', { keyId, reason: String(error) })
    }
  }
}

function newKey(name: string, ending: string, scopes: ApiScope[]): ApiKey {
  return { id: uuidv7(), name, ending, scopes, createdAt: Date.now(), lastUsedAt: null }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
