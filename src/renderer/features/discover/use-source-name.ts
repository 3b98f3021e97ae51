import { useTranslation } from 'react-i18next'
import type { SourceId } from '../../../shared/contract/hubs.ts'

/** What a source is called. */
export function useSourceName(): (sourceId: SourceId) => string {
  const { t } = useTranslation()
  return (sourceId) => t(`hubs.source.${sourceId}`)
}
