/** What the palette offers, and the keys of the window. */
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat } from '../../shared/contract/chats.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { Preset } from '../../shared/contract/presets.ts'
import { focusSearch, listedChats, newChat, openChat, openTrash, saveChat, useChats } from '../features/chats/index.ts'
import { openExport, openImport } from '../features/interchange/index.ts'
import { openShortcuts } from '../features/palette/index.ts'
import type { Command, CommandGroup } from '../features/palette/index.ts'
import { openPresets } from '../features/presets/index.ts'
import { switchServer } from '../features/server/index.ts'
import { openFind } from '../features/thread/index.ts'
import type { palette as words } from '../lib/i18n/en/palette.ts'
import { setPickerOpen, useModels } from '../lib/models-store.ts'
import { usePresets } from '../lib/presets-store.ts'
import { updateSettings, useSettings } from '../lib/settings-store.ts'
import { shortcutLabel } from '../lib/shortcut.ts'
import { chatWith, goTo, showModels, showSetting } from './place-store.ts'

export function useCommands(): CommandGroup[] {
  const { t } = useTranslation()
  const chats = useChats((state) => state.chats)
  const chatId = useChats((state) => state.currentChatId)
  const models = useModels((state) => state.models)
  const loads = useModels((state) => state.loads)
  const presets = usePresets()
  return useMemo(
    () => [
      { title: t('palette.actions'), commands: actions(t, chatId) },
      { title: t('palette.chats'), commands: listedChats(chats ?? new Map()).map((chat) => chatCommand(t, chat)) },
      {
        title: t('palette.models'),
        commands: [...(models?.values() ?? [])]
          .filter(({ type, isPresent }) => type === 'model' && isPresent)
          .map((model) => modelCommand(t, model, loads[model.id]?.state === 'ready')),
      },
      { title: t('palette.presets'), commands: chatId ? presets.map((preset) => presetCommand(t, preset, chatId)) : [] },
      { title: t('palette.settings'), commands: settingCommands(t) },
    ],
    [chatId, chats, loads, models, presets, t],
  )
}

export function toggle(name: 'sidebarVisible' | 'inspectorVisible'): void {
  const { settings } = useSettings.getState()
  if (settings) void updateSettings({ [name]: !settings[name] })
}

/** Shows the list of chats, if it is hidden, with the focus in its search. */
export function searchChats(): void {
  goTo('chat')
  void updateSettings({ sidebarVisible: true })
  focusSearch()
}

export function startNewChat(): void {
  goTo('chat')
  void newChat()
}

function actions(t: TFunction, chatId: string | null): Command[] {
  const action = (id: ActionId, run: () => void, shortcut?: string): Command => ({
    id,
    label: t(`palette.action.${id}`),
    shortcut,
    run,
  })
  const inChat = (run: () => void) => () => {
    goTo('chat')
    run()
  }
  return [
    action('newChat', startNewChat, shortcutLabel('N')),
    action('searchChats', searchChats, shortcutLabel('F', { shift: true })),
    action('findInChat', inChat(openFind), shortcutLabel('F')),
    action('chooseModel', inChat(() => setPickerOpen(true))),
    action('presets', () => openPresets()),
    ...(chatId ? [action('exportChat', () => openExport({ chatIds: [chatId] }))] : []),
    action('importChats', () => openImport()),
    action('trash', () => {
      goTo('chat')
      void updateSettings({ sidebarVisible: true })
      openTrash()
    }),
    action('toggleSidebar', () => toggle('sidebarVisible'), shortcutLabel('B')),
    action('toggleInspector', () => toggle('inspectorVisible'), shortcutLabel('I')),
    action('goChats', () => goTo('chat')),
    action('goMine', () => showModels('mine')),
    action('goDiscover', () => showModels('discover')),
    action('goDownloads', () => showModels('downloads')),
    action('goServer', () => goTo('server')),
    action('switchServer', () => {
      goTo('server')
      void switchServer(!useSettings.getState().settings?.apiServerEnabled)
    }),
    action('goSettings', () => goTo('settings'), shortcutLabel(',')),
    action('shortcuts', openShortcuts, shortcutLabel('/')),
  ]
}

type ActionId = keyof (typeof words)['action']

function chatCommand(t: TFunction, { id, title }: Chat): Command {
  return {
    id: `chat ${id}`,
    label: title || t('chats.untitled'),
    run: () => {
      goTo('chat')
      openChat(id)
    },
  }
}

function modelCommand(t: TFunction, { id, name, fileName, quantization }: Model, isLoaded: boolean): Command {
  return {
    id: `model ${id}`,
    label: t('palette.newChatWith', { name }),
    hint: isLoaded ? t('palette.hint.loaded') : quantization,
    keywords: fileName,
    run: () => chatWith(id),
  }
}

function presetCommand(t: TFunction, { id, name }: Preset, chatId: string): Command {
  return {
    id: `preset ${id}`,
    label: t('palette.usePreset', { name }),
    run: () => void saveChat(chatId, { presetId: id }).catch(() => {}),
  }
}

function settingCommands(t: TFunction): Command[] {
  const topics = [
    t('settings.language'),
    t('settings.theme'),
    t('chatSettings.contextPolicy'),
    t('chatSettings.automaticTitles'),
    t('settings.backEnd'),
    t('settings.threads'),
    t('settings.idleUnload'),
    t('hubs.title'),
    t('quantizations.title'),
    t('interchange.backup'),
    t('settings.data'),
    t('settings.about'),
  ]
  return [
    ...topics.map((label) => ({
      id: `setting ${label}`,
      label,
      hint: t('palette.hint.setting'),
      run: () => showSetting(label),
    })),
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      id: `theme ${theme}`,
      label: t(`palette.action.${theme === 'system' ? 'systemTheme' : theme}`),
      run: () => void updateSettings({ theme }),
    })),
    ...(['zh', 'en'] as const).map((language) => ({
      id: `language ${language}`,
      label: t(`palette.action.${language === 'zh' ? 'chinese' : 'english'}`),
      hint: t('settings.language'),
      run: () => void updateSettings({ language }),
    })),
  ]
}
