import { Tabs } from 'radix-ui'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { DiscoverPage, DownloadsPage } from '../features/discover/index.ts'
import { LibraryPage } from '../features/library/index.ts'
import { LoadSettings } from '../features/load-settings/index.ts'
import { addFiles } from '../features/models/index.ts'
import { AreaBoundary } from './area-boundary.tsx'

export type ModelsTab = 'mine' | 'discover' | 'downloads'

interface ModelsPlaceProps {
  tab: ModelsTab
  onTabChange: (tab: ModelsTab) => void
  /** Loads a model and goes to a new chat with it. */
  onChat: (modelId: string) => void
}

const tabs: ModelsTab[] = ['mine', 'discover', 'downloads']

/** The place where models are found, fetched and looked after. Here the features meet; they do not know one another. */
export function ModelsPlace({ tab, onTabChange, onChat }: ModelsPlaceProps) {
  const { t } = useTranslation()
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => onTabChange(value as ModelsTab)}
      className="flex min-w-0 flex-1 flex-col"
    >
      <header className="window-drag flex h-11 shrink-0 items-center border-b border-line px-4">
        <h1 className="sr-only">{t('models.models')}</h1>
        <Tabs.List aria-label={t('models.models')} className="window-drag-none flex h-full gap-4">
          {tabs.map((value) => (
            <Tabs.Trigger
              key={value}
              value={value}
              className="h-full border-b-2 border-transparent px-1 text-secondary transition-colors hover:text-text
                data-[state=active]:border-accent data-[state=active]:text-text"
            >
              {t(`models.tabs.${value}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </header>
      {tabs.map((value) => (
        <Tabs.Content key={value} value={value} className="flex min-h-0 flex-1 flex-col outline-none">
          <AreaBoundary>
            <Suspense>
              {value === 'mine' && (
                <LibraryPage
                  onChat={onChat}
                  onComplete={onChat}
                  onDiscover={() => onTabChange('discover')}
                  onUploadFiles={(files) => void addFiles(files)}
                  renderLoadSettings={(model, load) => <LoadSettings model={model} load={load} />}
                />
              )}
              {value === 'discover' && <DiscoverPage onLoad={onChat} />}
              {value === 'downloads' && (
                <DownloadsPage onLoad={onChat} onDiscover={() => onTabChange('discover')} />
              )}
            </Suspense>
          </AreaBoundary>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
