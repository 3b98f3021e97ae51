import { useEffect } from 'react'
import { ensureChat, forkChat, saveChat, setOnScreen, useChats } from '../features/chats/index.ts'
import { FirstModelCard } from '../features/discover/index.ts'
import { openFind, ThreadView } from '../features/thread/index.ts'
import type { ThreadCommand } from '../features/thread/index.ts'
import { modelFor, setPickerOpen, unloaded, useModels } from '../lib/models-store.ts'
import { usePresets } from '../lib/presets-store.ts'
import { updateSettings, useSettings } from '../lib/settings-store.ts'
import { showFailure } from '../lib/show-failure.ts'
import { AreaBoundary } from './area-boundary.tsx'
import { startNewChat } from './commands.ts'
import { InspectorPanel } from './inspector-panel.tsx'
import { chatWith, showModels } from './place-store.ts'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'

/** Chats, thread and inspector side by side. Here the features meet; they do not know one another. */
export function ChatPlace() {
  const presets = usePresets()
  // In another place this is hidden, which ends the effect.
  useEffect(() => {
    setOnScreen(true)
    return () => setOnScreen(false)
  }, [])
  const sidebarVisible = useSettings(({ settings }) => settings?.sidebarVisible)
  const inspectorVisible = useSettings(({ settings }) => settings?.inspectorVisible)
  const defaultModelId = useSettings(({ settings }) => settings?.defaultModelId ?? null)
  const chat = useChats(({ chats, currentChatId }) => (currentChatId && chats?.get(currentChatId)) || null)
  const models = useModels((state) => state.models)
  const model = modelFor(models, chat?.modelId ?? null, defaultModelId)
  const load = useModels(({ loads }) => (model && loads[model.id]) ?? unloaded)
  return (
    <>
      {sidebarVisible && (
        <AreaBoundary>
          <Sidebar />
        </AreaBoundary>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <AreaBoundary>
          <TopBar chat={chat} model={model} onDiscover={() => showModels('discover')} />
        </AreaBoundary>
        <AreaBoundary>
          <ThreadView
            chat={chat}
            ensureChat={ensureChat}
            onSave={saveChat}
            model={model}
            load={load}
            onLoadModel={() => setPickerOpen(true)}
            firstModel={<FirstModelCard onLoad={chatWith} onDiscover={() => showModels('discover')} />}
            presets={presets}
            onApplyPreset={(presetId) => void applyPreset(presetId).catch(showFailure)}
            onFork={(messageId) => chat && void forkChat(chat.id, messageId)}
            onCommand={runCommand}
          />
        </AreaBoundary>
      </div>
      {inspectorVisible && <InspectorPanel chat={chat} model={model} load={load} />}
    </>
  )
}

async function applyPreset(presetId: string): Promise<void> {
  const chat = await ensureChat()
  await saveChat(chat.id, { presetId })
}

function runCommand(command: ThreadCommand): void {
  if (command === 'new-chat') startNewChat()
  else if (command === 'find') openFind()
  else void updateSettings({ inspectorVisible: true })
}
