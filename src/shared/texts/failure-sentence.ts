/** What a failure tells a person, wherever it is told: in the window, by the HTTP APIs, on the command line. */
import type { ErrorData, Failure } from '../contract/errors.ts'
import { errors as en } from './en/errors.ts'
import { fill } from './fill.ts'
import { formatNumber, formatSize, type Language } from './format.ts'
import { errors as zh } from './zh/errors.ts'

const sentences = { en, zh }

/** A failure of the contract, or one that only a client of it can meet. */
export type ShownFailure = Failure | { code: 'CONNECTION_LOST'; data: Record<string, never> }

/** What happened, to which file or model, and what to do. */
export function failureSentence(language: Language, { code, data }: ShownFailure): string {
  const errors = sentences[language]
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(data)) {
    if (typeof value !== 'number') shown[name] = String(value)
    else if (name.endsWith('Bytes')) shown[name.replace(/Bytes$/, 'Size')] = formatSize(language, value)
    else shown[name] = name === 'port' ? String(value) : formatNumber(language, value)
  }
  if (code === 'NOT_FOUND') shown.what = errors.what[data.what as ErrorData<'NOT_FOUND'>['what']]
  if (code === 'ADAPTER_UNUSABLE') {
    const reason = data.reason as ErrorData<'ADAPTER_UNUSABLE'>['reason']
    shown.adapterReason = fill(errors.adapterReason[reason], shown)
  }
  if (code === 'DRAFT_UNUSABLE') {
    shown.draftReason = errors.draftReason[data.reason as ErrorData<'DRAFT_UNUSABLE'>['reason']]
  }
  if (code === 'IMPORT_UNREADABLE') {
    shown.importReason = errors.importReason[data.reason as ErrorData<'IMPORT_UNREADABLE'>['reason']]
  }
  if (code === 'PROMPT_TOO_LONG') shown.reserve = data.reservedTokens ? fill(errors.reserve, shown) : ''
  if (code === 'INTERNAL') shown.logReference = data.logId ? fill(errors.logReference, shown) : ''
  return fill(errors[code], shown)
}
