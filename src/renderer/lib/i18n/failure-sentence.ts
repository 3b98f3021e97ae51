import type { TFunction } from 'i18next'
import type { ErrorData } from '../../../shared/contract/errors.ts'
import type { ShownFailure } from '../failure.ts'
import { formatNumber, formatSize } from './format.ts'

/** What happened, to which file or model, and what to do, in the current language. */
export function failureSentence(t: TFunction, { code, data }: ShownFailure): string {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(data)) {
    if (typeof value !== 'number') shown[name] = String(value)
    else if (name.endsWith('Bytes')) shown[name.replace(/Bytes$/, 'Size')] = formatSize(value)
    else shown[name] = formatNumber(value)
  }
  if (code === 'NOT_FOUND') shown.what = t(`errors.what.${data.what as ErrorData<'NOT_FOUND'>['what']}`)
  if (code === 'ADAPTER_UNUSABLE') {
    const reason = data.reason as ErrorData<'ADAPTER_UNUSABLE'>['reason']
    shown.adapterReason = t(`errors.adapterReason.${reason}`, { replace: shown })
  }
  if (code === 'DRAFT_UNUSABLE') {
    shown.draftReason = t(`errors.draftReason.${data.reason as ErrorData<'DRAFT_UNUSABLE'>['reason']}`)
  }
  if (code === 'IMPORT_UNREADABLE') {
    shown.importReason = t(`errors.importReason.${data.reason as ErrorData<'IMPORT_UNREADABLE'>['reason']}`)
  }
  if (code === 'PROMPT_TOO_LONG') shown.reserve = data.reservedTokens ? t('errors.reserve', { replace: shown }) : ''
  if (code === 'INTERNAL') shown.logReference = data.logId ? t('errors.logReference', { logId: shown.logId }) : ''
  return t(`errors.${code}`, { replace: shown })
}
