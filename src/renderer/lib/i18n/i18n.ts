/**
 * The message catalogs in use: `const { t } = useTranslation()`, then `t('chats.newChat')`.
 * One file an area and language; no text a person reads stands anywhere else.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../../shared/contract/settings.ts'
import type { Language } from '../../../shared/texts/format.ts'
import { en } from './en/index.ts'
import { zh } from './zh/index.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}

/** Chinese for any Chinese system language, else English. */
function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** Switches every text at once, and tells the browser which fonts and line breaks apply. */
export function setLanguage(choice: Settings['language']): void {
  const language = choice === 'system' ? systemLanguage() : choice
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  if (i18next.language !== language) void i18next.changeLanguage(language)
}

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, zh: { translation: zh } },
  lng: systemLanguage(),
  fallbackLng: 'en',
  // React escapes.
  interpolation: { escapeValue: false },
  initAsync: false,
})
setLanguage('system')
