import { Activity, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Toaster } from '../components/toaster.tsx'
import { TooltipProvider } from '../components/tooltip.tsx'
import { newChat, useChats } from '../features/chats/index.ts'
import { ModelNotices } from '../features/models/index.ts'
import { loadModel } from '../lib/models-store.ts'
import { updateSettings, useSettings } from '../lib/settings-store.ts'
import { useShortcuts } from '../lib/shortcut.ts'
import { ChatPlace } from './chat-place.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { LoadDialog } from './load-dialog.tsx'
import { ModelsPlace } from './models-place.tsx'
import type { ModelsTab } from './models-place.tsx'
import { Rail } from './rail.tsx'
import type { Place } from './rail.tsx'
import { SettingsPlace } from './settings-place.tsx'
import { useHost } from './use-host.ts'

/** The window. Nothing but the background is shown before the settings are known, so that nothing flashes. */
export function App() {
  const [place, setPlace] = useState<Place>('chat')
  const [modelsTab, setModelsTab] = useState<ModelsTab>('mine')
  const started = useSettings(({ settings }) => settings !== null)
  /** A base model continues text in the new chat. */
  function chatWith(modelId: string) {
    setPlace('chat')
    void newChat(modelId)
    void loadModel(modelId)
  }
  function showModels(tab: ModelsTab) {
    setModelsTab(tab)
    setPlace('models')
  }
  useHost()
  useWindowTitle()
  useShortcuts({
    n: () => {
      setPlace('chat')
      void newChat()
    },
    b: () => toggle('sidebarVisible'),
    i: () => toggle('inspectorVisible'),
    ',': () => setPlace('settings'),
  })
  return (
    <TooltipProvider delayDuration={500}>
      {started && (
        <div className="flex h-full">
          <Rail place={place} onPlaceChange={setPlace} />
          <Activity mode={place === 'chat' ? 'visible' : 'hidden'}>
            <ChatPlace onChat={chatWith} onDiscover={() => showModels('discover')} />
          </Activity>
          {place === 'models' && (
            <ModelsPlace tab={modelsTab} onTabChange={setModelsTab} onChat={chatWith} />
          )}
          {place === 'settings' && <SettingsPlace />}
        </div>
      )}
      <ConnectionNotice />
      <LoadDialog />
      <ModelNotices />
      <Toaster />
    </TooltipProvider>
  )
}

function toggle(name: 'sidebarVisible' | 'inspectorVisible') {
  const { settings } = useSettings.getState()
  if (settings) void updateSettings({ [name]: !settings[name] })
}

function useWindowTitle() {
  const { t } = useTranslation()
  const title = useChats(({ chats, currentChatId }) => currentChatId && chats?.get(currentChatId)?.title)
  useEffect(() => {
    document.title = title ? `${title} · ${t('common.appName')}` : t('common.appName')
  }, [title, t])
}
