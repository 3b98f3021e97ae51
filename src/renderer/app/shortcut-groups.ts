import type { TFunction } from 'i18next'
import type { ShortcutGroup } from '../features/palette/index.ts'
import { shortcutLabel } from '../lib/shortcut.ts'

/** Every key that does something, for the sheet. */
export function shortcutGroups(t: TFunction): ShortcutGroup[] {
  return [
    {
      title: t('palette.group.window'),
      shortcuts: [
        { label: t('palette.action.openPalette'), keys: shortcutLabel('K') },
        { label: t('palette.action.newChat'), keys: shortcutLabel('N') },
        { label: t('palette.action.searchChats'), keys: shortcutLabel('F', { shift: true }) },
        { label: t('palette.action.findInChat'), keys: shortcutLabel('F') },
        { label: t('palette.action.toggleSidebar'), keys: shortcutLabel('B') },
        { label: t('palette.action.toggleInspector'), keys: shortcutLabel('I') },
        { label: t('palette.action.goSettings'), keys: shortcutLabel(',') },
        { label: t('palette.action.shortcuts'), keys: shortcutLabel('/') },
        { label: t('palette.key.close'), keys: 'Esc' },
      ],
    },
    {
      title: t('palette.group.writing'),
      shortcuts: [
        { label: t('palette.key.send'), keys: 'Enter' },
        { label: t('palette.key.newLine'), keys: 'Shift+Enter' },
        { label: t('palette.key.stop'), keys: 'Esc' },
        { label: t('palette.key.earlier'), keys: '↑' },
        { label: t('palette.key.slash'), keys: '/' },
      ],
    },
    {
      title: t('palette.group.list'),
      shortcuts: [
        { label: t('palette.key.openClose'), keys: '← →' },
        { label: t('palette.key.select'), keys: `Shift+↑ ↓ · ${shortcutLabel('A')}` },
        { label: t('palette.key.rename'), keys: 'F2' },
        { label: t('palette.key.delete'), keys: 'Delete' },
      ],
    },
  ]
}
