import { useMemo } from 'react'
import type { Chat } from '../../shared/contract/chats.ts'
import type { Model } from '../../shared/contract/models.ts'
import { chatValues, folderPath } from '../../shared/lib/chat-values.ts'
import type { ChatValues, ChatValueLevels } from '../../shared/lib/chat-values.ts'
import { useFolders } from './folders-store.ts'
import { usePresets } from './presets-store.ts'
import { useSettings } from './settings-store.ts'

type OwnValues = ChatValueLevels['chat']

/** Says nothing itself. */
export const noValues: OwnValues = { systemPrompt: null, sampling: {}, presetId: null }

/**
 * What counts for something that says `own` in the folder `folderId` (null = in none) with this model, and where
 * each value comes from.
 */
export function useValues(own: OwnValues, folderId: string | null, model: Model | null): ChatValues {
  const presets = usePresets()
  const folders = useFolders((state) => state.folders)
  const modelPresetId = useSettings(({ settings }) => (model && settings?.modelPresets[model.id]) ?? null)
  const { systemPrompt, sampling, presetId } = own
  return useMemo(
    () =>
      chatValues({
        chat: { systemPrompt, sampling, presetId },
        folders: folderPath(folders ?? [], folderId),
        model,
        modelPresetId,
        presets,
      }),
    [systemPrompt, sampling, presetId, folderId, model, modelPresetId, presets, folders],
  )
}

/** What would count in a chat that set neither a system prompt nor sampling values of its own. */
export function useInheritedValues(chat: Chat | null, model: Model | null): ChatValues {
  return useValues({ ...noValues, sampling: nothing, presetId: chat?.presetId ?? null }, chat?.folderId ?? null, model)
}

const nothing = noValues.sampling
