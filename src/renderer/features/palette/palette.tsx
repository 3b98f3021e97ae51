import { Command as Cmdk } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { matchCommands } from './match-commands.ts'
import type { CommandGroup } from './match-commands.ts'
import { closePalette } from './palette-store.ts'

/** Grey would not be read well on what is chosen. */
const asideLook = 'text-small text-secondary group-data-[selected=true]:text-text'

/** Finds any action, chat, model or setting by a few letters. Mounted while it is open. */
export default function Palette({ groups }: { groups: readonly CommandGroup[] }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const found = useMemo(() => matchCommands(groups, query), [groups, query])
  const keys = useTextInputKeys({})
  return (
    <Radix.Root open onOpenChange={(open) => !open && closePalette()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          // What was chosen decides where the focus goes.
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[70vh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2
            animate-appear flex-col overflow-hidden rounded-surface border border-line bg-float shadow-float
            outline-none"
        >
          <Radix.Title className="sr-only">{t('palette.palette')}</Radix.Title>
          <Cmdk label={t('palette.palette')} shouldFilter={false} vimBindings={false} loop className="flex min-h-0 flex-col">
            <Cmdk.Input
              value={query}
              onValueChange={setQuery}
              placeholder={t('palette.placeholder')}
              aria-label={t('palette.palette')}
              onCompositionStart={keys.onCompositionStart}
              onCompositionEnd={keys.onCompositionEnd}
              className="h-11 w-full shrink-0 border-b border-line bg-transparent px-4 text-reading outline-none"
            />
            <Cmdk.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
              {found.length === 0 && (
                <p role="status" className="px-2.5 py-3 text-secondary">
                  {t('palette.nothing', { query })}
                </p>
              )}
              {found.map(({ title, commands }) => (
                <Cmdk.Group
                  key={title}
                  heading={title}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1
                    [&_[cmdk-group-heading]]:text-small [&_[cmdk-group-heading]]:text-secondary"
                >
                  {commands.map(({ id, label, hint, shortcut, run }) => (
                    <Cmdk.Item
                      key={id}
                      value={id}
                      onSelect={() => {
                        closePalette()
                        run()
                      }}
                      className="group flex min-h-8 items-center gap-2 rounded-control px-2.5 data-[selected=true]:bg-chosen"
                    >
                      <span className="min-w-0 flex-1 truncate">{label}</span>
                      {hint && <span className={`max-w-1/2 truncate ${asideLook}`}>{hint}</span>}
                      {shortcut && <kbd className={`font-sans ${asideLook}`}>{shortcut}</kbd>}
                    </Cmdk.Item>
                  ))}
                </Cmdk.Group>
              ))}
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
