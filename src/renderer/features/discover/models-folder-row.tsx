import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { SettingsRow } from '../../components/settings-section.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useCapabilities } from '../../lib/capabilities-store.ts'
import { client } from '../../lib/client.ts'
import { updateSettings } from '../../lib/settings-store.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { typedPath } from '../../lib/typed-path.ts'

/** `/home/…`, `C:\…` or `\\server\…`. */
const isFullPath = (text: string) => /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(text)

/** Where downloads and imports go: chosen by the system's dialog, or typed where the host has none. */
export function ModelsFolderRow({ modelsDirectory }: { modelsDirectory: string | null }) {
  const { t } = useTranslation()
  const hasDialog = useCapabilities((state) => state.fileDialog)
  const [ownFolder, setOwnFolder] = useState<string | null>(null)
  const [typed, setTyped] = useState<string | null>(null)
  useEffect(() => {
    client.app.info().then((info) => setOwnFolder(info.modelsDirectory), showFailure)
  }, [])

  async function choose() {
    if (!hasDialog) return setTyped(modelsDirectory ?? '')
    const path = await client.models.pickFolder().catch(showFailure)
    if (path) await updateSettings({ modelsDirectory: path })
  }
  const isWrong = typed !== null && typedPath(typed) !== '' && !isFullPath(typedPath(typed))
  function take() {
    const path = typedPath(typed ?? '')
    if (!path || isWrong) return
    setTyped(null)
    void updateSettings({ modelsDirectory: path })
  }
  return (
    <div className="flex flex-col gap-2">
      <SettingsRow label={t('hubs.folder')} hint={t('hubs.folderHint')}>
        <span className="flex flex-wrap gap-2">
          {modelsDirectory !== null && (
            <Button look="quiet" onClick={() => void updateSettings({ modelsDirectory: null })}>
              {t('hubs.folderReset')}
            </Button>
          )}
          <Button aria-expanded={hasDialog ? undefined : typed !== null} onClick={() => void choose()}>
            {t('hubs.folderChoose')}
          </Button>
        </span>
      </SettingsRow>
      {typed === null ? (
        <p className="-mt-2 pb-2.5 text-small wrap-anywhere" data-selectable>
          {modelsDirectory ?? (ownFolder && `${ownFolder} · ${t('hubs.folderOwn')}`)}
        </p>
      ) : (
        <div className="flex flex-wrap items-end gap-2 pb-2.5">
          <div className="min-w-60 flex-1">
            <TextField
              label={t('hubs.folderPath')}
              value={typed}
              onValueChange={setTyped}
              onSubmit={take}
              onCancel={() => setTyped(null)}
              error={isWrong ? t('hubs.folderWrong') : undefined}
            />
          </div>
          <Button look="primary" disabled={!typedPath(typed) || isWrong} onClick={take}>
            {t('hubs.save')}
          </Button>
        </div>
      )}
    </div>
  )
}
