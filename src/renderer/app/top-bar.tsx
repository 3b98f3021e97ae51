import { PanelLeftOpen, SlidersHorizontal, SquarePen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../shared/contract/chats.ts'
import type { Model } from '../../shared/contract/models.ts'
import { IconButton } from '../components/icon-button.tsx'
import { newChat, saveChat } from '../features/chats/index.ts'
import { ModelPicker, ModelState } from '../features/models/index.ts'
import { updateSettings, useSettings } from '../lib/settings-store.ts'
import { shortcutLabel } from '../lib/shortcut.ts'

interface TopBarProps {
  chat: Chat | null
  model: Model | null
  /** Goes to where models are found. */
  onDiscover: () => void
}

/** Above the thread: the model in the middle of the thread's column, its state beside it. */
export function TopBar({ chat, model, onDiscover }: TopBarProps) {
  const { t } = useTranslation()
  const sidebarVisible = useSettings(({ settings }) => settings?.sidebarVisible)
  const inspectorVisible = useSettings(({ settings }) => settings?.inspectorVisible)
  return (
    <header
      className="window-drag grid h-11 shrink-0 grid-cols-[minmax(0,1fr)_minmax(0,auto)_minmax(0,1fr)] items-center
        gap-2 px-2"
    >
      <div className="@container flex min-w-0 items-center gap-0.5">
        {!sidebarVisible && (
          <>
            <IconButton
              label={t('common.showSidebar')}
              icon={PanelLeftOpen}
              shortcut={shortcutLabel('B')}
              className="window-drag-none"
              onClick={() => void updateSettings({ sidebarVisible: true })}
            />
            <IconButton
              label={t('chats.newChat')}
              icon={SquarePen}
              shortcut={shortcutLabel('N')}
              className="window-drag-none"
              onClick={() => void newChat()}
            />
          </>
        )}
        <div className="flex min-w-0 flex-1 justify-end">
          <ModelState model={model} />
        </div>
      </div>
      <ModelPicker
        model={model}
        onDiscover={onDiscover}
        onChoose={(modelId) => {
          // The next message waits for it, even if it is sent before the model is ready.
          if (chat) saveChat(chat.id, { modelId }).catch(() => {})
        }}
      />
      <div className="flex justify-end">
        <IconButton
          label={t('inspector.inspector')}
          icon={SlidersHorizontal}
          shortcut={shortcutLabel('I')}
          aria-pressed={inspectorVisible}
          className="window-drag-none"
          onClick={() => void updateSettings({ inspectorVisible: !inspectorVisible })}
        />
      </div>
    </header>
  )
}
