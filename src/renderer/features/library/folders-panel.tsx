import { ChevronRight, Ellipsis, FolderMinus, FolderPlus, RefreshCw, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ModelFolder } from '../../../shared/contract/model-folders.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { Switch } from '../../components/switch.tsx'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { removeFolder, scanFolder, setFolderOn, useFolders } from './folders-store.ts'
import { openImport, useLibrary } from './library-store.ts'

/** Beside the table; in a narrow window above it. */
export function FoldersPanel() {
  const { t } = useTranslation()
  const folders = useFolders((state) => state.folders)
  return (
    <aside
      aria-label={t('library.foldersTitle')}
      onKeyDown={(event) => event.key === 'Escape' && useLibrary.setState({ foldersOpen: false })}
      className="flex w-80 max-w-full shrink-0 flex-col border-s border-line bg-page max-[60rem]:absolute
        max-[60rem]:inset-y-0 max-[60rem]:end-0 max-[60rem]:z-20 max-[60rem]:shadow-float"
    >
      <div className="flex h-12 shrink-0 items-center ps-4 pe-2">
        <h2 className="flex-1 font-semibold">{t('library.foldersTitle')}</h2>
        <IconButton
          label={t('common.close')}
          icon={X}
          onClick={() => useLibrary.setState({ foldersOpen: false })}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
        <p className="pb-2 text-small text-secondary">{t('library.foldersHint')}</p>
        <ul className="divide-y divide-line border-y border-line">
          {folders?.map((folder) => (
            <FolderEntry key={folder.id} folder={folder} />
          ))}
        </ul>
        <Button className="mt-3" onClick={() => openImport('folder')}>
          <FolderPlus aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
          {t('library.addFolder')}
        </Button>
      </div>
    </aside>
  )
}

function FolderEntry({ folder }: { folder: ModelFolder }) {
  const { t } = useTranslation()
  const name = t(`library.folderKind.${folder.kind}`)
  return (
    <li className="py-2.5">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1">{name}</span>
        <Menu trigger={<IconButton label={t('library.folderActions', { path: folder.path })} icon={Ellipsis} />}>
          <MenuItem icon={RefreshCw} onSelect={() => void scanFolder(folder.id)}>
            {t('library.scanAgain')}
          </MenuItem>
          {folder.kind === 'watched' && (
            <MenuItem icon={FolderMinus} danger onSelect={() => void removeFolder(folder.id)}>
              {t('library.removeFolder')}
            </MenuItem>
          )}
        </Menu>
        {folder.kind !== 'own' && (
          <Switch
            label={t('library.listModelsOf', { name: folder.kind === 'watched' ? folder.path : name })}
            checked={folder.isOn}
            onCheckedChange={(isOn) => void setFolderOn(folder.id, isOn)}
          />
        )}
      </div>
      <p className="text-small wrap-anywhere text-secondary" data-selectable>
        {folder.path}
      </p>
      <p className="text-small" role="status">
        {!folder.isOn ? t('library.folderOff') : t('library.folderModels', { count: folder.modelCount })}
        {folder.isScanning && <span className="text-secondary"> · {t('library.scanning')}</span>}
      </p>
      {folder.failure && (
        <p className="flex gap-1.5 pt-1 text-small">
          <TriangleAlert aria-hidden className="mt-px size-4 shrink-0 text-danger" strokeWidth={1.75} />
          <span className="min-w-0 wrap-anywhere">{failureSentence(t, folder.failure)}</span>
        </p>
      )}
      {folder.refused.length > 0 && <RefusedFiles refused={folder.refused} />}
    </li>
  )
}

const shownRefused = 200

function RefusedFiles({ refused }: Pick<ModelFolder, 'refused'>) {
  const { t } = useTranslation()
  return (
    <details className="group pt-1 text-small">
      <summary className="flex list-none items-center gap-1 rounded-small text-secondary hover:text-text">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" strokeWidth={1.75} />
        {t('library.refused', { count: refused.length })}
      </summary>
      <ul className="flex max-h-60 flex-col gap-2 overflow-y-auto ps-4.5 pt-1.5" data-selectable>
        {refused.slice(0, shownRefused).map(({ path, failure }) => (
          <li key={path} className="wrap-anywhere">
            {failureSentence(t, failure)}
          </li>
        ))}
        {refused.length > shownRefused && (
          <li className="text-secondary">{t('library.refusedMore', { count: refused.length - shownRefused })}</li>
        )}
      </ul>
    </details>
  )
}
