/** What can be done with a model, as the entries of a menu: on its row and on its page. */
import {
  FileText,
  FolderSearch,
  ListX,
  MessageSquare,
  PenLine,
  Power,
  Trash2,
  X,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { MenuItem } from '../../components/menu.tsx'
import { useCapabilities } from '../../lib/capabilities-store.ts'
import { cancelLoad, loadModel, removeModel, revealModel, unloadModel } from '../../lib/models-store.ts'
import { openModel } from './library-store.ts'
import { askToTrash } from './trash-dialog.tsx'
import { useModelUse } from './model-use.ts'

interface ModelActionsProps {
  model: Model
  load: LoadState
  /** The model's page is where the menu is, so it offers no way there. */
  onPage?: boolean
}

export function ModelActions({ model, load, onPage }: ModelActionsProps) {
  const { t } = useTranslation()
  const { revealFile, trash } = useCapabilities()
  const { onChat, onComplete } = useModelUse()
  return (
    <>
      {model.type === 'model' && (
        <>
          {load.state === 'ready' ? (
            <MenuItem icon={Power} onSelect={() => void unloadModel(model.id)}>
              {t('models.unload')}
            </MenuItem>
          ) : load.state === 'loading' ? (
            <MenuItem icon={X} onSelect={() => void cancelLoad(model.id)}>
              {t('models.cancelLoad')}
            </MenuItem>
          ) : (
            <MenuItem icon={Power} onSelect={() => void loadModel(model.id)}>
              {t('models.load')}
            </MenuItem>
          )}
          {model.kind === 'chat' ? (
            <MenuItem icon={MessageSquare} onSelect={() => onChat(model.id)}>
              {t('library.chat')}
            </MenuItem>
          ) : (
            <MenuItem icon={PenLine} onSelect={() => onComplete(model.id)}>
              {t('library.complete')}
            </MenuItem>
          )}
        </>
      )}
      {!onPage && (
        <MenuItem icon={FileText} shortcut="Enter" onSelect={() => openModel(model.id)}>
          {t('library.details')}
        </MenuItem>
      )}
      {revealFile && (
        <MenuItem icon={FolderSearch} onSelect={() => void revealModel(model.id)}>
          {t('models.reveal')}
        </MenuItem>
      )}
      <MenuItem icon={ListX} onSelect={() => void removeModel(model.id)}>
        {t('models.remove')}
      </MenuItem>
      {trash && (
        <MenuItem icon={Trash2} danger shortcut={onPage ? undefined : 'Delete'} onSelect={() => askToTrash(model.id)}>
          {t('library.trash')}
        </MenuItem>
      )}
    </>
  )
}
