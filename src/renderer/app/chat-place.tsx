import { X } from 'lucide-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../shared/contract/chats.ts'
import type { LoadState, Model } from '../../shared/contract/models.ts'
import { IconButton } from '../components/icon-button.tsx'
import { ensureChat, saveChat, useChats } from '../features/chats/index.ts'
import { FirstModelCard } from '../features/discover/index.ts'
import { Inspector } from '../features/inspector/index.ts'
import { LoadSettings } from '../features/load-settings/index.ts'
import { ThreadView } from '../features/thread/index.ts'
import { modelFor, setPickerOpen, unloaded, useModels } from '../lib/models-store.ts'
import { updateSettings, useSettings } from '../lib/settings-store.ts'
import { AreaBoundary } from './area-boundary.tsx'
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

interface InspectorPanelProps {
  chat: Chat | null
  model: Model | null
  load: LoadState
}

/** Beside the thread; in a narrow window above it. */
function InspectorPanel({ chat, model, load }: InspectorPanelProps) {
  const { t } = useTranslation()
  return (
    <aside
      aria-label={t('inspector.inspector')}
      className="flex w-80 shrink-0 flex-col border-s border-line bg-page max-[60rem]:fixed max-[60rem]:inset-y-0
        max-[60rem]:end-0 max-[60rem]:z-20 max-[60rem]:shadow-float"
    >
      <div className="window-drag flex h-11 shrink-0 items-center ps-4 pe-2">
        <h1 className="flex-1 text-secondary">{t('inspector.inspector')}</h1>
        <IconButton
          label={t('common.close')}
          icon={X}
          className="window-drag-none"
          onClick={() => void updateSettings({ inspectorVisible: false })}
        />
      </div>
      <AreaBoundary>
        <Inspector
          chat={chat}
          model={model}
          load={load}
          loadSettings={
            model && (
              <Suspense>
                <LoadSettings model={model} load={load} />
              </Suspense>
            )
          }
          onSave={saveChat}
        />
      </AreaBoundary>
    </aside>
  )
}
