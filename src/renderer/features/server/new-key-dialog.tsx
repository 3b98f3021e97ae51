import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiScope } from '../../../shared/contract/api-server.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SettingsRow } from '../../components/settings-section.tsx'
import { Switch } from '../../components/switch.tsx'
import { TextField } from '../../components/text-field.tsx'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { createKey } from './server-store.ts'

/** Asks for a name and what the key may do, then shows the key, this once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [mayManage, setMayManage] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [secret, setSecret] = useState<string | null>(null)

  async function create() {
    if (name.trim() === '') return
    const scopes: ApiScope[] = mayManage ? ['inference', 'manage'] : ['inference']
    const created = await createKey({ name, scopes })
    if (created.secret === undefined) setFailure(created.failure)
    else setSecret(created.secret)
  }

  if (secret !== null) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={t('server.keyCreated')}
        footer={
          <Button look="primary" onClick={onClose}>
            {t('server.keyKept')}
          </Button>
        }
      >
        <p className="pb-3">{t('server.keyOnce')}</p>
        <div className="flex items-center gap-2 rounded-control bg-raised p-2.5">
          <code className="min-w-0 flex-1 font-mono break-all">{secret}</code>
          <CopyButton text={secret} label={t('server.copyKey')} />
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('server.newKey')}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={name.trim() === ''} onClick={() => void create()}>
            {t('server.createKey')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('server.keyName')}
        value={name}
        maxLength={100}
        placeholder={t('server.keyNameExample')}
        error={failure && failureSentence(t, failure)}
        onValueChange={setName}
        onSubmit={() => void create()}
        onCancel={onClose}
      />
      <div className="pt-2">
        <SettingsRow label={t('server.mayManage')} hint={t('server.mayManageHint')}>
          <Switch label={t('server.mayManage')} checked={mayManage} onCheckedChange={setMayManage} />
        </SettingsRow>
      </div>
    </Dialog>
  )
}
