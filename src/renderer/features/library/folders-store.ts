/** The folders whose models are listed. */
import { create } from 'zustand'
import type { ModelFolder } from '../../../shared/contract/model-folders.ts'
import { client } from '../../lib/client.ts'
import { follow } from '../../lib/follow.ts'
import { showFailure } from '../../lib/show-failure.ts'

/** null until the host has told them. */
export const useFolders = create<{ folders: ModelFolder[] | null }>(() => ({ folders: null }))

export function followFolders(signal: AbortSignal): Promise<void> {
  return follow(
    (signal) => client.modelFolders.watch(undefined, { signal }),
    (folders) => useFolders.setState({ folders }),
    signal,
  )
}

export const setFolderOn = (folderId: string, isOn: boolean) =>
  client.modelFolders.setOn({ folderId, isOn }).catch(showFailure)
export const scanFolder = (folderId: string) => client.modelFolders.scan({ folderId }).catch(showFailure)
export const removeFolder = (folderId: string) => client.modelFolders.remove({ folderId }).catch(showFailure)
