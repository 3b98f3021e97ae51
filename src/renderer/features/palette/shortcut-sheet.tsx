import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { closePalette } from './palette-store.ts'

export interface ShortcutGroup {
  title: string
  shortcuts: readonly { label: string; keys: string }[]
}

/** Every key that does something. Mounted while it is open. */
export function ShortcutSheet({ groups }: { groups: readonly ShortcutGroup[] }) {
  const { t } = useTranslation()
  return (
    <Dialog open onClose={closePalette} title={t('palette.shortcuts')}>
      {groups.map(({ title, shortcuts }) => (
        <section key={title} className="pt-2 pb-3">
          <h3 className="pb-1 text-small text-secondary">{title}</h3>
          <dl className="divide-y divide-line border-y border-line">
            {shortcuts.map(({ label, keys }) => (
              <div key={label} className="flex items-center justify-between gap-4 py-1.5">
                <dt>{label}</dt>
                <dd>
                  <kbd className="font-sans text-secondary">{keys}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
