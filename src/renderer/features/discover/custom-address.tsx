import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../components/text-field.tsx'
import { updateSettings, useSettings } from '../../lib/settings-store.ts'

/** http or https, without what an endpoint has no use for. */
function isAddress(text: string): boolean {
  const url = URL.parse(text)
  return !!url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash
}

/** The address of the custom source, taken on Enter and on leaving the field. */
export function CustomAddress() {
  const { t } = useTranslation()
  const saved = useSettings(({ settings }) => settings?.customEndpoint ?? '')
  const [typed, setTyped] = useState<string | null>(null)
  const value = typed ?? saved
  const isWrong = value.trim() !== '' && !isAddress(value.trim())

  function take() {
    if (typed === null || isWrong) return
    setTyped(null)
    void updateSettings({ customEndpoint: typed.trim().replace(/\/+$/, '') })
  }
  return (
    <div className="ps-6" onBlur={take}>
      <TextField
        label={t('hubs.customAddress')}
        placeholder={t('hubs.customExample')}
        value={value}
        onValueChange={setTyped}
        onSubmit={take}
        onCancel={() => setTyped(null)}
        error={isWrong ? t('hubs.customWrong') : undefined}
      />
    </div>
  )
}
