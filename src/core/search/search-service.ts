/**
 * Search over titles and the texts of all branches. The index follows the database: what is written is looked
 * at as it stands until it is in the index, a moment later, so that a hit never waits for the index. Work is
 * done in short pieces, between which the host serves others.
 */
import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises'
import type { SearchHit } from '../../shared/contract/search.ts'
import type { Log } from '../ports.ts'
import type { FoundMessage, SearchRepository } from './search-repository.ts'
import { excerptOf, fold, gramsOf, hasWords, queryGrams, rangesOf, wordsOf } from './search-text.ts'

/** Messages that are brought into the index in one transaction. */
const indexedAtOnce = 10
/** How often is looked for texts that are not in the index. */
const indexIntervalMs = 2_000
/** Texts looked at before others are served. */
const lookedAtOnce = 500

export class SearchService {
  readonly #repository: SearchRepository
  readonly #log: Log
  readonly #closing = new AbortController()
  #indexing: Promise<void> = Promise.resolve()

  constructor(repository: SearchRepository, log: Log) {
    this.#repository = repository
    this.#log = log
  }

  /** Keeps the index up to date from now on. */
  start(): void {
    this.#indexing = this.#index()
  }

  /** See the contract. */
  async find(query: string, limit: number): Promise<{ hits: SearchHit[]; hasMore: boolean }> {
    const words = wordsOf(query)
    if (words.length === 0) return { hits: [], hasMore: false }
    const titles = this.#repository.titles().filter(({ title }) => hasWords(fold(title), words))
    const messages = titles.length > limit ? [] : await this.#messages(words, limit + 1 - titles.length)
    const hits = [
      ...titles.slice(0, limit + 1).map(({ id, title }) => hitOf(id, title, null, words)),
      ...messages.map((message) => hitOf(message.chatId, this.#repository.title(message.chatId), message, words)),
    ]
    return { hits: hits.slice(0, limit), hasMore: hits.length > limit }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#indexing
  }

  /** Newest first. */
  async #messages(words: string[], limit: number): Promise<FoundMessage[]> {
    const isHit = ({ text }: FoundMessage) => hasWords(fold(text), words)
    const found: FoundMessage[] = []
    for (let beforeId = '\uffff'; ; ) {
      const messages = this.#repository.pending(beforeId, lookedAtOnce)
      found.push(...messages.filter(isHit))
      if (messages.length < lookedAtOnce) break
      beforeId = messages.at(-1)!.id
      await nextTick()
    }
    const pendingCount = found.length
    const grams = queryGrams(words)
    let beforeDocument = Number.MAX_SAFE_INTEGER
    for (let count = limit; ; count = lookedAtOnce) {
      const messages = this.#repository.withGrams(grams, beforeDocument, count)
      found.push(...messages.filter(isHit))
      if (messages.length < count || found.length - pendingCount >= limit) break
      beforeDocument = messages.at(-1)!.documentId
      await nextTick()
    }
    return found.toSorted((a, b) => b.createdAt - a.createdAt || (b.id > a.id ? 1 : -1)).slice(0, limit)
  }

  /** Until `close`. Never rejects: what fails, as on a full disk, is tried again. */
  async #index(): Promise<void> {
    const { signal } = this.#closing
    let lastReason = ''
    while (!signal.aborted) {
      const startedAt = performance.now()
      let pauseMs = indexIntervalMs
      try {
        const count = this.#repository.indexPending(indexedAtOnce, (text) => gramsOf(fold(text)))
        // At most half of the time, so that a large import slows nothing else down.
        if (count > 0) pauseMs = performance.now() - startedAt
      } catch (error) {
        const reason = String(error)
        if (reason !== lastReason) this.#log.warn('The index of the search could not be written', { reason })
        lastReason = reason
      }
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }
}

function hitOf(chatId: string, chatTitle: string, message: FoundMessage | null, words: string[]): SearchHit {
  return {
    chatId,
    chatTitle,
    titleRanges: rangesOf(chatTitle, words),
    message: message && {
      id: message.id,
      role: message.role,
      createdAt: message.createdAt,
      ...excerptOf(message.text, words),
    },
  }
}
