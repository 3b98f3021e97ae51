import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../lib/i18n/format.ts'

/** `320 ms`, `2.4 s`, in the current language. */
export function useDuration(): (durationMs: number) => string {
  const { t } = useTranslation()
  return (durationMs) =>
    durationMs < 1000
      ? t('thread.milliseconds', { value: formatNumber(durationMs) })
      : t('thread.seconds', { value: formatNumber(durationMs / 1000, durationMs < 10_000 ? 1 : 0) })
}
