import { Tabs } from 'radix-ui'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { DiscoverPage, DownloadsPage } from '../features/discover/index.ts'
import { LibraryPage } from '../features/library/index.ts'
import { LoadSettings } from '../features/load-settings/index.ts'
import { addFiles } from '../features/models/index.ts'
import { AreaBoundary } from './area-boundary.tsx'
import { chatWith, showModels, usePlace } from './place-store.ts'
import type { ModelsTab } from './place-store.ts'

const tabs: ModelsTab[] = ['mine', 'discover', 'downloads']

/** The place where models are found, fetched and looked after. Here the features meet; they do not know one another. */
export function ModelsPlace() {
  const { t } = useTranslation()
  const tab = usePlace((shown) => shown.modelsTab)
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => showModels(value as ModelsTab)}
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
                  onChat={chatWith}
                  onComplete={chatWith}
                  onDiscover={() => showModels('discover')}
                  onUploadFiles={(files) => void addFiles(files)}
                  renderLoadSettings={(model, load) => <LoadSettings model={model} load={load} />}
                />
              )}
              {value === 'discover' && <DiscoverPage onLoad={chatWith} />}
              {value === 'downloads' && (
                <DownloadsPage onLoad={chatWith} onDiscover={() => showModels('discover')} />
              )}
            </Suspense>
          </AreaBoundary>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
