import { KeyRound, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiKey } from '../../../shared/contract/api-server.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { formatDay } from '../../lib/i18n/format.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { removeKey, useServer } from './server-store.ts'

/** Who may ask where a key is needed. A key that is removed cannot come back, so that is asked first. */
export function ApiKeys() {
  const { t } = useTranslation()
  const keys = useServer((state) => state.keys)
  const [isNew, setIsNew] = useState(false)
  const [asked, setAsked] = useState<ApiKey | null>(null)
  return (
    <section>
      <h2 className="font-semibold">{t('server.keys')}</h2>
      <p className="pb-2 text-small text-secondary">{t('server.keysHint')}</p>
      <ul className="divide-y divide-line border-y border-line">
        {keys.length === 0 && <li className="py-2.5 text-secondary">{t('server.noKeys')}</li>}
        {keys.map((key) => (
          <li key={key.id} className="flex items-center gap-3 py-2">
            <div className="min-w-0 flex-1">
              <div className="flex gap-1.5">
                <span className="truncate">{key.name}</span>
                <span className="font-mono text-secondary">…{key.ending}</span>
              </div>
              <p className="text-small text-secondary">
                {key.scopes.map((scope) => t(`server.scope.${scope}`)).join(' · ')} ·{' '}
                {key.lastUsedAt === null
                  ? t('server.neverUsed')
                  : t('server.lastUsed', { day: formatDay(key.lastUsedAt) })}
              </p>
            </div>
            <IconButton label={t('server.removeKey', { name: key.name })} icon={Trash2} onClick={() => setAsked(key)} />
          </li>
        ))}
      </ul>
      <Button className="mt-3" onClick={() => setIsNew(true)}>
        <KeyRound aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
        {t('server.newKey')}
      </Button>
      {isNew && <NewKeyDialog onClose={() => setIsNew(false)} />}
      {asked && (
        <Dialog
          open
          onClose={() => setAsked(null)}
          title={t('server.removeKeyTitle', { name: asked.name })}
          footer={
            <>
              <Button onClick={() => setAsked(null)}>{t('common.cancel')}</Button>
              <Button
                onClick={() => {
                  setAsked(null)
                  void removeKey(asked.id)
                }}
              >
                <Trash2 aria-hidden className="size-4 text-danger" strokeWidth={1.75} />
                {t('server.removeKeyConfirm')}
              </Button>
            </>
          }
        >
          <p>{t('server.removeKeyText')}</p>
        </Dialog>
      )}
    </section>
  )
}
