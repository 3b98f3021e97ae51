import { Box, MessageSquare, Server, Settings } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ProgressBar } from '../components/progress-bar.tsx'
import { Tooltip } from '../components/tooltip.tsx'
import { useDownloadsProgress } from '../features/discover/index.ts'
import { useServer } from '../features/server/index.ts'
import { shortcutLabel } from '../lib/shortcut.ts'
import { Mark } from './mark.tsx'
import { goTo, usePlace } from './place-store.ts'
import type { Place } from './place-store.ts'

/** The places of the app. */
export function Rail() {
  const { t } = useTranslation()
  const place = usePlace((shown) => shown.place)
  const item = (target: Place, label: string, icon: LucideIcon, shortcut?: string) => (
    <RailItem
      label={label}
      icon={icon}
      shortcut={shortcut}
      current={place === target}
      onClick={() => goTo(target)}
    />
  )
  return (
    <nav
      aria-label={t('common.places')}
      className="flex w-13 shrink-0 flex-col items-center gap-1 border-e border-line bg-raised pb-2"
    >
      <div className="window-drag grid h-11 w-full place-items-center">
        <Mark className="size-6 text-accent" />
      </div>
      {item('chat', t('chats.chats'), MessageSquare)}
      <div className="relative">
        {item('models', t('models.models'), Box)}
        <DownloadsMark />
      </div>
      <div className="relative">
        {item('server', t('server.title'), Server)}
        <ServerMark />
      </div>
      <div className="flex-1" />
      {item('settings', t('settings.settings'), Settings, shortcutLabel(','))}
    </nav>
  )
}

/** How far the downloads under way are, as a line below the models' icon. */
function DownloadsMark() {
  const { t } = useTranslation()
  const { count, fraction } = useDownloadsProgress()
  if (count === 0) return null
  return (
    <div className="pointer-events-none absolute inset-x-1.5 bottom-0.5">
      <ProgressBar label={t('models.tabs.downloads')} fraction={fraction} />
    </div>
  )
}

/** A dot at the server's icon while programs are served. */
function ServerMark() {
  const { t } = useTranslation()
  const isOn = useServer(({ server }) => server.state === 'on')
  if (!isOn) return null
  return (
    <span
      role="img"
      aria-label={t('server.isOn')}
      className="pointer-events-none absolute end-1 top-1 size-1.5 rounded-full bg-success"
    />
  )
}

interface RailItemProps {
  label: string
  icon: LucideIcon
  shortcut?: string
  current: boolean
  onClick: () => void
}

function RailItem({ label, icon: Icon, shortcut, current, onClick }: RailItemProps) {
  return (
    <Tooltip text={label} shortcut={shortcut} side="right">
      <button
        type="button"
        aria-label={label}
        aria-current={current ? 'page' : undefined}
        onClick={onClick}
        className="grid size-9 place-items-center rounded-control text-secondary transition-colors hover:bg-hover
          hover:text-text aria-[current]:bg-chosen aria-[current]:text-text"
      >
        <Icon aria-hidden className="size-4.5" strokeWidth={1.75} />
      </button>
    </Tooltip>
  )
}
