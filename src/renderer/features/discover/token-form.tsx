import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HubSource } from '../../../shared/contract/hubs.ts'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/text-field.tsx'
import { client } from '../../lib/client.ts'
import { showFailure } from '../../lib/show-failure.ts'

interface TokenFormProps {
  source: HubSource
  /** It was saved or forgotten. */
  onDone: () => void
}

/** Takes an access token. What is saved is never shown again, so the field always begins empty. */
export function TokenForm({ source, onDone }: TokenFormProps) {
  const { t } = useTranslation()
  const [token, setToken] = useState('')

  const save = (token: string | null) =>
    client.hubs.setToken({ sourceId: source.id, token }).then(onDone, showFailure)
  const host = URL.parse(source.endpoint)?.host ?? source.endpoint
  return (
    <div className="flex flex-col gap-2 ps-6">
      <TextField
        label={t('hubs.tokenOf', { source: t(`hubs.source.${source.id}`) })}
        type="password"
        value={token}
        onValueChange={setToken}
        onSubmit={() => token.trim() && void save(token.trim())}
        autoComplete="new-password"
      />
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-40 flex-1 text-small text-secondary">
          {t('hubs.tokenHint', { host })} {source.hasToken && t('hubs.tokenReplaceHint')}
        </p>
        {source.hasToken && <Button onClick={() => void save(null)}>{t('hubs.forgetToken')}</Button>}
        <Button look="primary" disabled={!token.trim()} onClick={() => void save(token.trim())}>
          {t('hubs.save')}
        </Button>
      </div>
    </div>
  )
}
