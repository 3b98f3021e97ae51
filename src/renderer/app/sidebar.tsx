import { PanelLeftClose, SquarePen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Folder } from '../../shared/contract/folders.ts'
import { IconButton } from '../components/icon-button.tsx'
import { ChatsPanel, newChat } from '../features/chats/index.ts'
import { openExport } from '../features/interchange/index.ts'
import { SamplingEditor } from '../features/presets/index.ts'
import { saveFolder } from '../lib/folders-store.ts'
import { usePresets } from '../lib/presets-store.ts'
import { updateSettings, useSettings } from '../lib/settings-store.ts'
import { shortcutLabel } from '../lib/shortcut.ts'
import { noValues, useValues } from '../lib/use-chat-values.ts'

const minWidthPx = 200
const maxWidthPx = 400
const keyStepPx = 16
/** Widths are those at this text size; the sidebar grows with the text. */
const normalTextPx = 16

/** The chats, at a width the person chooses with the edge. */
export function Sidebar() {
  const { t } = useTranslation()
  const savedWidthPx = useSettings(({ settings }) => settings?.sidebarWidthPx ?? 264)
  const presets = usePresets()
  const [draggedWidthPx, setDraggedWidthPx] = useState<number | null>(null)
  const widthPx = draggedWidthPx ?? savedWidthPx

  const fitted = (px: number) => Math.round(Math.min(maxWidthPx, Math.max(minWidthPx, px)))
  return (
    <aside className="relative flex shrink-0 flex-col border-e border-line bg-raised" style={{ width: `${widthPx / normalTextPx}rem` }}>
      <div className="window-drag flex h-11 shrink-0 items-center gap-1 px-2">
        <button
          type="button"
          onClick={() => void newChat()}
          className="window-drag-none flex h-8 min-w-0 flex-1 items-center gap-2 rounded-control px-2 hover:bg-hover"
        >
          <SquarePen aria-hidden className="size-4 text-secondary" strokeWidth={1.75} />
          {t('chats.newChat')}
        </button>
        <IconButton
          label={t('common.hideSidebar')}
          icon={PanelLeftClose}
          shortcut={shortcutLabel('B')}
          className="window-drag-none"
          onClick={() => void updateSettings({ sidebarVisible: false })}
        />
      </div>
      <ChatsPanel
        onExport={openExport}
        presets={presets}
        folderSampling={(folder) => <FolderSampling folder={folder} />}
      />
      <div
        role="separator"
        aria-label={t('common.sidebarWidth')}
        aria-orientation="vertical"
        aria-valuemin={minWidthPx}
        aria-valuemax={maxWidthPx}
        aria-valuenow={widthPx}
        tabIndex={0}
        onPointerDown={(event) => {
          event.preventDefault()
          event.currentTarget.setPointerCapture(event.pointerId)
          setDraggedWidthPx(widthPx)
        }}
        onPointerMove={(event) => {
          if (draggedWidthPx === null) return
          const leftPx = event.currentTarget.parentElement!.getBoundingClientRect().left
          setDraggedWidthPx(fitted(((event.clientX - leftPx) / textPx()) * normalTextPx))
        }}
        onLostPointerCapture={() => {
          if (draggedWidthPx === null) return
          void updateSettings({ sidebarWidthPx: draggedWidthPx })
          setDraggedWidthPx(null)
        }}
        onKeyDown={(event) => {
          const direction = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
          if (direction) void updateSettings({ sidebarWidthPx: fitted(widthPx + direction * keyStepPx) })
        }}
        className="absolute inset-y-0 -end-1 z-10 w-2 cursor-col-resize after:absolute after:inset-y-0 after:start-[3px]
          after:w-0.5 after:bg-accent after:opacity-0 after:transition-opacity hover:after:opacity-60
          active:after:opacity-100 focus-visible:outline-none focus-visible:after:opacity-100"
      />
    </aside>
  )
}

/** What the chats of a folder are sampled with, on top of its preset and of the folders above. */
function FolderSampling({ folder }: { folder: Folder }) {
  const inherited = useValues({ ...noValues, presetId: folder.presetId }, folder.parentId, null)
  return (
    <SamplingEditor
      overrides={folder.sampling}
      inherited={inherited.sampling}
      onSave={(sampling) => saveFolder(folder.id, { sampling })}
    />
  )
}

function textPx(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize)
}
