import { useEffect } from 'react'
import type { ReactNode } from 'react'
import type { LoadState, Model } from '../../../shared/contract/models.ts'
import { useModels } from '../../lib/models-store.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { FoldersPanel } from './folders-panel.tsx'
import { followFolders } from './folders-store.ts'
import { ImportDialog } from './import-dialog.tsx'
import { useLibrary } from './library-store.ts'
import { ModelList } from './model-list.tsx'
import { ModelPage } from './model-page.tsx'
import { ModelUseContext } from './model-use.ts'
import type { ModelUse } from './model-use.ts'
import { TrashDialog } from './trash-dialog.tsx'

interface LibraryPageProps extends ModelUse {
  /** Goes to where models are found and downloaded. */
  onDiscover: () => void
  /** Takes files that only the browser can read, sends them to the host and adds them. */
  onUploadFiles: (files: File[]) => void
  /** How the model is loaded, to be edited on its page. */
  renderLoadSettings?: (model: Model, load: LoadState) => ReactNode
}

/** The models of this computer: all as a table with their folders beside it, or the page of one. */
export default function LibraryPage(props: LibraryPageProps) {
  const { onChat, onComplete, onDiscover, onUploadFiles, renderLoadSettings } = props
  useEffect(() => {
    const abort = new AbortController()
    followFolders(abort.signal).catch(showFailure)
    return () => abort.abort()
  }, [])
  const openedModelId = useLibrary((state) => state.openedModelId)
  const opened = useModels(({ models }) => (openedModelId && models?.get(openedModelId)) || null)
  const foldersOpen = useLibrary((state) => state.foldersOpen)
  const importing = useLibrary((state) => state.importing)
  return (
    <ModelUseContext value={{ onChat, onComplete }}>
      <div className="relative flex min-h-0 flex-1">
        {opened ? (
          <ModelPage key={opened.id} model={opened} renderLoadSettings={renderLoadSettings} />
        ) : (
          <>
            <ModelList onDiscover={onDiscover} />
            {foldersOpen && <FoldersPanel />}
          </>
        )}
      </div>
      {importing && <ImportDialog onUploadFiles={onUploadFiles} />}
      <TrashDialog />
    </ModelUseContext>
  )
}
