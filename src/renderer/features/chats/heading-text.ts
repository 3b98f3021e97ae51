import type { TFunction } from 'i18next'
import type { Heading } from './list-rows.ts'

/** `Today`, `Folders`, `November 2026`. */
export function headingText(heading: Heading, t: TFunction, language: string): string {
  if (heading instanceof Date) {
    return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long' }).format(heading)
  }
  return heading === 'folders' ? t('folders.folders') : t(`chats.${heading}`)
}
