import { X } from 'lucide-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../shared/contract/chats.ts'
import type { LoadState, Model } from '../../shared/contract/models.ts'
import { IconButton } from '../components/icon-button.tsx'
import { saveChat } from '../features/chats/index.ts'
import { Inspector } from '../features/inspector/index.ts'
import { LoadSettings } from '../features/load-settings/index.ts'
import { PresetChoice, SamplingEditor, SystemPromptEditor } from '../features/presets/index.ts'
import { updateSettings } from '../lib/settings-store.ts'
import { useInheritedValues } from '../lib/use-chat-values.ts'
import { AreaBoundary } from './area-boundary.tsx'

interface InspectorPanelProps {
  chat: Chat | null
  model: Model | null
  load: LoadState
}

/** Beside the thread; in a narrow window above it. */
export function InspectorPanel({ chat, model, load }: InspectorPanelProps) {
  const { t } = useTranslation()
  const inherited = useInheritedValues(chat, model)
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
          preset={
            chat && (
              <PresetChoice
                chat={chat}
                inherited={inherited}
                onSave={(presetId) => saveChat(chat.id, { presetId })}
              />
            )
          }
          systemPrompt={
            chat?.mode === 'chat' && (
              <SystemPromptEditor
                key={chat.id}
                owner={{ type: 'chat', id: chat.id }}
                chatId={chat.id}
                systemPrompt={chat.systemPrompt}
                inherited={inherited.systemPrompt}
                onSave={(systemPrompt) => saveChat(chat.id, { systemPrompt })}
              />
            )
          }
          sampling={
            chat && (
              <SamplingEditor
                key={chat.id}
                overrides={chat.sampling}
                inherited={inherited.sampling}
                onSave={(sampling) => saveChat(chat.id, { sampling })}
              />
            )
          }
          loadSettings={
            model && (
              <Suspense>
                <LoadSettings model={model} load={load} />
              </Suspense>
            )
          }
          model={model}
          load={load}
        />
      </AreaBoundary>
    </aside>
  )
}
