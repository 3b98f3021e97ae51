import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../components/dialog.tsx'
import { LoadSettings } from '../features/load-settings/index.ts'
import { showLoadDialog, unloaded, useModels } from '../lib/models-store.ts'

/** The load settings of any model, over the window. */
export function LoadDialog() {
  const { t } = useTranslation()
  const model = useModels(({ models, loadDialogModelId }) => models?.get(loadDialogModelId ?? '') ?? null)
  const load = useModels(({ loads }) => (model && loads[model.id]) ?? unloaded)
  if (!model) return null
  return (
    <Dialog open onClose={() => showLoadDialog(null)} title={t('loadSettings.of', { name: model.name })}>
      <Suspense>
        <LoadSettings model={model} load={load} />
      </Suspense>
    </Dialog>
  )
}
