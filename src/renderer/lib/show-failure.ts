import i18next from 'i18next'
import { failureOf } from './failure.ts'
import { failureSentence } from './i18n/failure-sentence.ts'
import { showToast } from './toast-store.ts'

/** Tells the person about a failed call that has no better place to be told at. */
export function showFailure(error: unknown): void {
  showToast({ failure: true, text: failureSentence(i18next.t, failureOf(error)) })
}
