import { Ellipsis, Library, Save } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../../shared/contract/chats.ts'
import type { ChatValues } from '../../../shared/lib/chat-values.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { Select } from '../../components/select.tsx'
import { usePresets } from '../../lib/presets-store.ts'
import { createPreset } from './preset-actions.ts'
import { openPresets } from './presets-dialog-store.ts'

interface PresetChoiceProps {
  chat: Chat
  /** What counts where the chat sets nothing. */
  inherited: ChatValues
  onSave: (presetId: string | null) => Promise<unknown>
}

/** The preset of the open chat. */
export function PresetChoice({ chat, inherited, onSave }: PresetChoiceProps) {
  const { t } = useTranslation()
  const presets = usePresets()
  const chosen = presets.some(({ id }) => id === chat.presetId) ? chat.presetId! : ''

  function saveAsPreset() {
    const systemPrompt = chat.systemPrompt ?? inherited.systemPrompt.value
    const name = chat.title || t('presets.newName')
    void createPreset({ name: name.slice(0, 200), systemPrompt: systemPrompt || null, sampling: samplingOfChat(chat, presets) })
  }
  return (
    <div className="flex items-center gap-1">
      <Select
        label={t('presets.preset')}
        className="min-w-0 flex-1"
        value={chosen}
        options={[
          { value: '', label: t('presets.none') },
          ...presets.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onValueChange={(presetId) => void onSave(presetId === '' ? null : presetId).catch(() => {})}
      />
      <Menu trigger={<IconButton label={t('common.more')} icon={Ellipsis} />}>
        <MenuItem icon={Save} onSelect={saveAsPreset}>
          {t('presets.saveAs')}
        </MenuItem>
        <MenuItem icon={Library} onSelect={() => openPresets(chosen || null)}>
          {t('presets.manage')}
        </MenuItem>
      </Menu>
    </div>
  )
}

/** What the chat's preset and the chat itself set. */
function samplingOfChat(chat: Chat, presets: ReturnType<typeof usePresets>) {
  return { ...presets.find(({ id }) => id === chat.presetId)?.sampling, ...chat.sampling }
}
