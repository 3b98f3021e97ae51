import type { SourceId, SourceTest } from '../../shared/contract/hubs.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { HubApi } from './hub-api.ts'
import { fetchGood } from './hub-requests.ts'
import { probeUrl, type Source } from './hub-sources.ts'
import { variantsOf } from './hub-variants.ts'

const timeoutMs = 15_000
/** Enough to tell a rate, little enough for a slow connection. */
const measuredBytes = 2 ** 20
const triedRepositories = 3

/** How fast a source answers, and how fast the beginning of one of its most downloaded models comes. */
export async function testSource(sourceId: SourceId, api: HubApi, find: () => Source): Promise<SourceTest> {
  let latencyMs: number | null = null
  try {
    const source = find()
    const begin = performance.now()
    const probe = await fetchGood(
      { url: probeUrl(source), headers: source.headers },
      { repository: '', pageUrl: '' },
      { signal: AbortSignal.timeout(timeoutMs) },
    )
    latencyMs = performance.now() - begin
    await probe.body?.cancel()
    return { sourceId, latencyMs, bytesPerSecond: await rateOf(api, source), failure: null }
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error
    return { sourceId, latencyMs, bytesPerSecond: null, failure: error.toFailure() }
  }
}

async function rateOf(api: HubApi, source: Source): Promise<number | null> {
  const { results } = await api.search(source, { text: '', sort: 'downloads', cursor: null })
  for (const { repository } of results.filter(({ isGated }) => !isGated).slice(0, triedRepositories)) {
    const variant = variantsOf(await api.files(source, repository, api.defaultRevision))[0]
    if (!variant) continue
    const { path } = variant.files[0]!
    const url = api.fileUrl(source, { repository, revision: api.defaultRevision, path })
    const response = await fetchGood(
      { url, headers: source.headers },
      { repository, pageUrl: '' },
      {
        headers: { range: `bytes=0-${measuredBytes - 1}`, 'accept-encoding': 'identity' },
        signal: AbortSignal.timeout(timeoutMs),
      },
    )
    const begin = performance.now()
    let receivedBytes = 0
    for await (const chunk of response.body ?? []) {
      receivedBytes += chunk.length
      if (receivedBytes >= measuredBytes) break
    }
    return (receivedBytes / Math.max(1, performance.now() - begin)) * 1000
  }
  return null
}
