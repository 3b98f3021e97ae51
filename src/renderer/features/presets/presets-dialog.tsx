import { Download, Plus, Upload } from 'lucide-react'
import { useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preset } from '../../../shared/contract/presets.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { moveByArrowKeys } from '../../lib/move-by-arrow-keys.ts'
import { usePresets } from '../../lib/presets-store.ts'
import { createPreset, exportPresets, importPresets } from './preset-actions.ts'
import { PresetPage } from './preset-page.tsx'
import type { PresetPageProps } from './preset-page.tsx'
import { choosePreset, closePresets, usePresetsDialog } from './presets-dialog-store.ts'

type PresetsDialogProps = Omit<PresetPageProps, 'preset'>

/** The library: what the projects published, and the person's own. */
export function PresetsDialog(props: PresetsDialogProps) {
  const { t } = useTranslation()
  const { open, presetId } = usePresetsDialog()
  const presets = usePresets()
  if (!open) return null
  const chosen = presets.find(({ id }) => id === presetId)
  const own = presets.filter(({ isBuiltIn }) => !isBuiltIn)
  return (
    <Dialog open onClose={closePresets} title={t('presets.library')} wide>
      <div className="flex h-full min-h-80 gap-5 max-[45rem]:flex-col">
        <div className="flex w-64 shrink-0 flex-col gap-2 max-[45rem]:w-full">
          <div className="flex flex-wrap gap-1.5">
            <Button
              className="h-7!"
              onClick={() => void createPreset({ name: t('presets.newName'), systemPrompt: null, sampling: {} })}
            >
              <Plus aria-hidden className="size-4" strokeWidth={1.75} />
              {t('presets.new')}
            </Button>
            <ImportButton />
          </div>
          <nav
            aria-label={t('presets.library')}
            onKeyDown={moveByArrowKeys}
            className="min-h-0 flex-1 overflow-y-auto max-[45rem]:max-h-40"
          >
            <PresetList title={t('presets.own')} presets={own} chosenId={presetId}>
              {own.length === 0 && <p className="px-2 pb-2 text-secondary">{t('presets.noOwn')}</p>}
            </PresetList>
            <PresetList
              title={t('presets.ofApp')}
              presets={presets.filter(({ isBuiltIn }) => isBuiltIn)}
              chosenId={presetId}
            />
          </nav>
          {own.length > 1 && (
            <Button look="quiet" className="self-start" onClick={() => void exportPresets(own, t('presets.presets'))}>
              <Download aria-hidden className="size-4" strokeWidth={1.75} />
              {t('presets.exportAll')}
            </Button>
          )}
        </div>
        <div className="min-w-0 flex-1">
          {chosen ? (
            <PresetPage key={chosen.id} preset={chosen} {...props} />
          ) : (
            <p className="text-secondary">{t('presets.choose')}</p>
          )}
        </div>
      </div>
    </Dialog>
  )
}

interface PresetListProps {
  title: string
  presets: readonly Preset[]
  chosenId: string | null
  children?: ReactNode
}

function PresetList({ title, presets, chosenId, children }: PresetListProps) {
  return (
    <section>
      <h3 className="px-2 pt-2 pb-1 text-small text-secondary">{title}</h3>
      {children}
      <ul>
        {presets.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              data-arrow-stop
              aria-current={id === chosenId || undefined}
              onClick={() => choosePreset(id)}
              className="block min-h-8 w-full rounded-control px-2 py-1 text-start hover:bg-hover
                aria-[current]:bg-chosen"
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ImportButton() {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button className="h-7!" onClick={() => input.current?.click()}>
        <Upload aria-hidden className="size-4" strokeWidth={1.75} />
        {t('presets.import')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        multiple
        hidden
        onChange={(event) => {
          void importPresets([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </>
  )
}
