import { useTranslation } from 'react-i18next'
import type { Rope } from '../../../shared/contract/load-settings.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { resolveRope } from '../../../shared/lib/rope.ts'
import { NumberInput } from '../../components/number-input.tsx'
import { Select } from '../../components/select.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'
import { Setting } from './setting.tsx'
import { useRopeFacts } from './use-rope-facts.ts'
import type { Overrides } from './use-overrides.ts'

const methods = ['file', 'none', 'linear', 'ntk', 'yarn'] as const
type RopeNumber = 'factor' | 'base' | 'originalContextSize'

/** Which numbers a method has. */
const numbersOf: Record<Rope['method'], RopeNumber[]> = {
  file: [],
  none: [],
  linear: ['factor'],
  ntk: ['base'],
  yarn: ['factor', 'originalContextSize'],
}
const ranges = {
  factor: { min: 1, max: 1024, step: 0.01 },
  base: { min: 1, max: 1e9, step: 1 },
  originalContextSize: { min: 1, max: 10_000_000, step: 1 },
}

/** What the app chooses by itself at most. */
const automaticContextSize = 8192

/** How much the model has in view, and how it is stretched beyond what it was trained with. */
export function ContextSettings({ model, edit }: { model: Model; edit: Overrides }) {
  const { t } = useTranslation()
  const { settings, set, resetOf } = edit
  const { contextSize, rope } = settings
  const facts = useRopeFacts(model, rope.method !== 'file')
  const filledIn =
    facts && resolveRope(rope, facts, contextSize ?? Math.min(model.trainContextSize, automaticContextSize))
  const trained = formatNumber(model.trainContextSize)
  const automaticNumber = (value: number | null | undefined) =>
    value ? t('loadSettings.automaticIs', { value: formatNumber(value, value < 100 ? 2 : 0) }) : t('loadSettings.automatic')
  const isStretched = contextSize !== null && contextSize > model.trainContextSize && model.trainContextSize > 0
  return (
    <>
      <Setting
        label={t('loadSettings.context')}
        hint={t('loadSettings.contextHint', { trained })}
        onReset={resetOf('contextSize')}
        control={
          <NumberInput
            label={t('loadSettings.context')}
            value={contextSize}
            min={64}
            max={10_000_000}
            step={1024}
            emptyText={t('loadSettings.automatic')}
            className="w-28"
            onValueChange={(value) => set('contextSize', value)}
          />
        }
      >
        {isStretched && rope.method === 'file' && (
          <p role="status" className="text-small">
            {t('loadSettings.contextStretched', { trained })}
          </p>
        )}
      </Setting>
      <Setting
        label={t('loadSettings.rope')}
        hint={t('loadSettings.ropeHint')}
        onReset={resetOf('rope')}
        control={
          <Select
            label={t('loadSettings.rope')}
            value={rope.method}
            options={methods.map((value) => ({ value, label: t(`loadSettings.ropeMethod.${value}`) }))}
            onValueChange={(method) =>
              set('rope', { method, factor: null, base: null, originalContextSize: null })
            }
            className="w-36"
          />
        }
      >
        {numbersOf[rope.method].map((name) => (
          <div key={name} className="flex items-center gap-2 py-0.5">
            <span className="min-w-0 flex-1 text-secondary">{t(`loadSettings.ropeNumber.${name}`)}</span>
            <NumberInput
              label={t(`loadSettings.ropeNumber.${name}`)}
              value={rope[name]}
              {...ranges[name]}
              emptyText={automaticNumber(filledIn?.[name])}
              className="w-36"
              onValueChange={(value) => set('rope', { ...rope, [name]: value })}
            />
          </div>
        ))}
      </Setting>
    </>
  )
}
