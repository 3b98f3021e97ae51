import { ensureChat, saveChat, useChats } from '../features/chats/index.ts'
import { FirstModelCard } from '../features/discover/index.ts'
import { ThreadView } from '../features/thread/index.ts'
import { modelFor, setPickerOpen, unloaded, useModels } from '../lib/models-store.ts'
import { useSettings } from '../lib/settings-store.ts'
import { AreaBoundary } from './area-boundary.tsx'
import { InspectorPanel } from './inspector-panel.tsx'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'

interface ChatPlaceProps {
  /** Loads a model and goes to a new chat with it. */
  onChat: (modelId: string) => void
  /** Goes to where models are found. */
  onDiscover: () => void
}

/** Chats, thread and inspector side by side. Here the features meet; they do not know one another. */
export function ChatPlace({ onChat, onDiscover }: ChatPlaceProps) {
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
          <TopBar chat={chat} model={model} onDiscover={onDiscover} />
        </AreaBoundary>
        <AreaBoundary>
          <ThreadView
            chat={chat}
            ensureChat={ensureChat}
            onSave={saveChat}
            model={model}
            load={load}
            onLoadModel={() => setPickerOpen(true)}
            firstModel={<FirstModelCard onLoad={onChat} onDiscover={onDiscover} />}
          />
        </AreaBoundary>
      </div>
      {inspectorVisible && <InspectorPanel chat={chat} model={model} load={load} />}
    </>
  )
}
