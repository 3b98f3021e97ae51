import i18next from 'i18next'
import { failureOf } from './failure.ts'
import { failureSentence } from './i18n/failure-sentence.ts'
import { showToast } from './toast-store.ts'

/**
 * Tells the person about a failed call that has no better place to be told at. A lost connection is
 * not told again: the window says so for as long as it lasts.
 */
export function showFailure(error: unknown): void {
  const failure = failureOf(error)
  if (failure.code === 'CONNECTION_LOST') return
  showToast({ failure: true, text: failureSentence(i18next.t, failure) })
}
