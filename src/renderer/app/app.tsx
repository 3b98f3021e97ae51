import { Activity, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Toaster } from '../components/toaster.tsx'
import { TooltipProvider } from '../components/tooltip.tsx'
import { openChat, saveChat, useChats } from '../features/chats/index.ts'
import { InterchangeDialogs } from '../features/interchange/index.ts'
import { ModelNotices } from '../features/models/index.ts'
import { openPalette, openShortcuts, Palette, ShortcutSheet, usePalette } from '../features/palette/index.ts'
import { PresetsDialog } from '../features/presets/index.ts'
import { modelFor, useModels } from '../lib/models-store.ts'
import { useSettings } from '../lib/settings-store.ts'
import { useShortcuts } from '../lib/shortcut.ts'
import { ChatPlace } from './chat-place.tsx'
import { searchChats, startNewChat, toggle, useCommands } from './commands.ts'
import { ConnectionNotice } from './connection-notice.tsx'
import { LoadDialog } from './load-dialog.tsx'
import { ModelsPlace } from './models-place.tsx'
import { goTo, usePlace } from './place-store.ts'
import { Rail } from './rail.tsx'
import { ServerPlace } from './server-place.tsx'
import { SettingsPlace } from './settings-place.tsx'
import { shortcutGroups } from './shortcut-groups.ts'
import { useHost } from './use-host.ts'

/** The window. Nothing but the background is shown before the settings are known, so that nothing flashes. */
export function App() {
  const place = usePlace((shown) => shown.place)
  const started = useSettings(({ settings }) => settings !== null)
  useHost()
  useWindowTitle()
  useShortcuts({
    k: openPalette,
    n: startNewChat,
    b: () => toggle('sidebarVisible'),
    i: () => toggle('inspectorVisible'),
    '/': openShortcuts,
    'shift+f': searchChats,
    ',': () => goTo('settings'),
  })
  return (
    <TooltipProvider delayDuration={500}>
      {started && (
        <div className="flex h-full">
          <Rail />
          <Activity mode={place === 'chat' ? 'visible' : 'hidden'}>
            <ChatPlace />
          </Activity>
          {place === 'models' && <ModelsPlace />}
          {place === 'server' && <ServerPlace />}
          {place === 'settings' && <SettingsPlace />}
        </div>
      )}
      <ConnectionNotice />
      <LoadDialog />
      <Presets />
      <InterchangeDialogs onShowChat={showChat} />
      <OpenPalette />
      <ModelNotices />
      <Toaster />
    </TooltipProvider>
  )
}

function showChat(chatId: string) {
  goTo('chat')
  openChat(chatId)
}

/** The library of presets, on the open chat and its model. */
function Presets() {
  const chat = useChats(({ chats, currentChatId }) => (currentChatId && chats?.get(currentChatId)) || null)
  const defaultModelId = useSettings(({ settings }) => settings?.defaultModelId ?? null)
  const models = useModels((state) => state.models)
  return (
    <PresetsDialog
      chatId={chat?.id ?? null}
      model={modelFor(models, chat?.modelId ?? null, defaultModelId)}
      onUse={chat && ((presetId) => void saveChat(chat.id, { presetId }).catch(() => {}))}
    />
  )
}

function OpenPalette() {
  const { t } = useTranslation()
  const open = usePalette((state) => state.open)
  if (open === 'shortcuts') return <ShortcutSheet groups={shortcutGroups(t)} />
  return open && <PaletteOfCommands />
}

function PaletteOfCommands() {
  const groups = useCommands()
  return (
    <Suspense>
      <Palette groups={groups} />
    </Suspense>
  )
}

function useWindowTitle() {
  const { t } = useTranslation()
  const title = useChats(({ chats, currentChatId }) => currentChatId && chats?.get(currentChatId)?.title)
  useEffect(() => {
    document.title = title ? `${title} · ${t('common.appName')}` : t('common.appName')
  }, [title, t])
}
