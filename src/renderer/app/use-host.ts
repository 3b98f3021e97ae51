import { useEffect } from 'react'
import { followChats, openFirstChat, useChats } from '../features/chats/index.ts'
import { followDownloads } from '../features/discover/index.ts'
import { followServer } from '../features/server/index.ts'
import { useCapabilities } from '../lib/capabilities-store.ts'
import { client } from '../lib/client.ts'
import { connected } from '../lib/connection.ts'
import { followFolders } from '../lib/folders-store.ts'
import { followModels } from '../lib/models-store.ts'
import { followPresets } from '../lib/presets-store.ts'
import { followSettings, updateSettings, useSettings } from '../lib/settings-store.ts'
import { showFailure } from '../lib/show-failure.ts'

const followed = [
  followSettings,
  followChats,
  followFolders,
  followModels,
  followDownloads,
  followPresets,
  followServer,
]

/** Keeps the stores fed for as long as the window is open, and remembers which chat is shown. */
export function useHost(): void {
  useEffect(() => {
    const abort = new AbortController()
    for (const followStore of followed) {
      followStore(abort.signal).catch(showFailure)
    }
    connected(abort.signal)
      .then(() => client.app.capabilities())
      .then((capabilities) => useCapabilities.setState(capabilities))
      .catch((error: unknown) => abort.signal.aborted || showFailure(error))
    return () => abort.abort()
  }, [])

  const started = useSettings(({ settings }) => settings !== null)
  const chatsKnown = useChats(({ chats }) => chats !== null)
  useEffect(() => {
    if (!started || !chatsKnown || useChats.getState().currentChatId !== null) return
    openFirstChat(useSettings.getState().settings?.lastChatId ?? null)
  }, [started, chatsKnown])

  const currentChatId = useChats((state) => state.currentChatId)
  useEffect(() => {
    if (currentChatId === null || currentChatId === useSettings.getState().settings?.lastChatId) return
    void updateSettings({ lastChatId: currentChatId })
  }, [currentChatId])
}
