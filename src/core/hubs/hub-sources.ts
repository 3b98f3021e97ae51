/**
 * The sources of models: where each one is, which token it is sent, and in which order they are asked.
 * "Automatic" sends all of them a small request at once and takes them as they answer; the order is kept
 * for ten minutes, and a source that then fails goes to its end.
 *
 * From the environment, read once: HF_ENDPOINT and HF_TOKEN (Hugging Face, as in its own tools),
 * YANGTUO_HF_MIRROR_ENDPOINT and YANGTUO_MODELSCOPE_ENDPOINT (an own mirror, and tests).
 */
import type { HubSource, SourceId } from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { fetchFrom } from './hub-requests.ts'
import type { HubTokensRepository } from './hub-tokens-repository.ts'

export type Environment = Record<string, string | undefined>

export interface Source {
  id: SourceId
  /** Without a slash at its end. */
  endpoint: string
  /** Where licences are accepted: a mirror has no accounts. */
  licenseEndpoint: string
  /** For requests to the endpoint's own origin. */
  headers: Record<string, string>
}

const sourceIds: SourceId[] = ['hugging-face', 'hf-mirror', 'modelscope', 'custom']
const orderKeptMs = 10 * 60_000
const probeTimeoutMs = 5_000

export class HubSources {
  readonly #tokens: HubTokensRepository
  readonly #settings: Pick<SettingsService, 'get'>
  readonly #environment: Environment
  readonly #userAgent: string
  /** As they answered in the last race. */
  #answered: SourceId[] = []
  #racedAt = -Infinity
  #race: Promise<unknown> | null = null

  constructor(
    tokens: HubTokensRepository,
    settings: Pick<SettingsService, 'get'>,
    environment: Environment,
    appVersion: string,
  ) {
    this.#tokens = tokens
    this.#settings = settings
    this.#environment = environment
    // ModelScope refuses requests without a name.
    this.#userAgent = `yangtuo/${appVersion}`
  }

  /** Any source may be asked. */
  get isAutomatic(): boolean {
    return this.#settings.get().hubSource === 'automatic'
  }

  /** For people. */
  list(): HubSource[] {
    const { HF_ENDPOINT, HF_TOKEN } = this.#environment
    return sourceIds.map((id) => ({
      id,
      endpoint: this.#endpoint(id),
      hasToken: this.#token(id) !== null,
      isFromEnvironment: id === 'hugging-face' && Boolean(HF_ENDPOINT || HF_TOKEN),
    }))
  }

  /** Throws HOST_UNREACHABLE for a custom source without an address. */
  get(id: SourceId): Source {
    const endpoint = this.#endpoint(id)
    if (!endpoint) throw new AppFailure('HOST_UNREACHABLE', { host: id, reason: 'EINVAL' })
    const token = this.#token(id)
    return {
      id,
      endpoint,
      licenseEndpoint: id === 'hf-mirror' ? this.#endpoint('hugging-face') : endpoint,
      headers: { 'user-agent': this.#userAgent, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    }
  }

  setToken(id: SourceId, token: string | null): void {
    if (token === null) return this.#tokens.delete(id)
    this.#tokens.save(id, new URL(this.get(id).endpoint).origin, token)
  }

  /** The source that the settings name, or all, the fastest first. Races them at most every ten minutes. */
  async ordered(): Promise<Source[]> {
    if (this.isAutomatic && performance.now() - this.#racedAt > orderKeptMs) {
      this.#race ??= this.#runRace().finally(() => (this.#race = null))
      await this.#race
    }
    return this.known()
  }

  /** As `ordered`, with what is known now. */
  known(): Source[] {
    const { hubSource } = this.#settings.get()
    if (hubSource !== 'automatic') return [this.get(hubSource)]
    const rank = (id: SourceId) => (this.#answered.includes(id) ? this.#answered.indexOf(id) : sourceIds.length)
    return sourceIds
      .filter((id) => this.#endpoint(id))
      .sort((a, b) => rank(a) - rank(b))
      .map((id) => this.get(id))
  }

  /** It did not answer as it should: the others are asked first from now on. */
  demote(id: SourceId): void {
    this.#answered = this.#answered.filter((one) => one !== id)
  }

  /** Ends when the first one has answered; the others take their places later. */
  async #runRace(): Promise<void> {
    this.#answered = []
    const probes = this.known().map(async (source) => {
      const response = await fetchFrom(
        { url: probeUrl(source), headers: source.headers },
        { signal: AbortSignal.timeout(probeTimeoutMs) },
      )
      await response.body?.cancel()
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      this.#answered.push(source.id)
    })
    await Promise.any(probes).then(
      () => (this.#racedAt = performance.now()),
      () => {},
    )
  }

  #endpoint(id: SourceId): string {
    const { HF_ENDPOINT, YANGTUO_HF_MIRROR_ENDPOINT, YANGTUO_MODELSCOPE_ENDPOINT } = this.#environment
    const endpoints: Record<SourceId, string> = {
      'hugging-face': HF_ENDPOINT || 'https://huggingface.co',
      'hf-mirror': YANGTUO_HF_MIRROR_ENDPOINT || 'https://hf-mirror.com',
      modelscope: YANGTUO_MODELSCOPE_ENDPOINT || 'https://www.modelscope.cn',
      custom: this.#settings.get().customEndpoint.trim(),
    }
    const url = URL.parse(endpoints[id])
    if (!url || !/^https?:$/.test(url.protocol) || url.username) return ''
    return (url.origin + url.pathname).replace(/\/+$/, '')
  }

  #token(id: SourceId): string | null {
    const endpoint = this.#endpoint(id)
    if (!endpoint) return null
    const { HF_TOKEN } = this.#environment
    return (id === 'hugging-face' && HF_TOKEN) || this.#tokens.find(id, new URL(endpoint).origin)
  }
}

/** A small answer that every source of its kind can give. */
export function probeUrl({ id, endpoint }: Source): string {
  return endpoint + (id === 'modelscope' ? '/openapi/v1/models?page_size=1' : '/api/models?limit=1')
}
