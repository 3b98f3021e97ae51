import { RadioGroup } from 'radix-ui'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContextPolicy } from '../../../shared/contract/chats.ts'
import { useSettings } from '../../lib/settings-store.ts'

interface ContextPolicyFieldProps {
  /** null = that of the settings. */
  value: ContextPolicy | null
  onChange: (value: ContextPolicy | null) => void
}

const policies: ContextPolicy[] = ['stop', 'drop-oldest', 'drop-middle', 'summarise']

/** What this chat does when its context is full. */
export function ContextPolicyField({ value, onChange }: ContextPolicyFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const general = useSettings(({ settings }) => settings?.contextPolicy ?? 'drop-oldest')
  const settingsHint = t('prompt.policy.settingsHint', { policy: t(`prompt.policy.${general}`) })
  return (
    <div>
      <h3 id={id} className="pb-1 font-semibold">
        {t('prompt.policy.title')}
      </h3>
      <RadioGroup.Root
        aria-labelledby={id}
        value={value ?? 'settings'}
        onValueChange={(next) => onChange(next === 'settings' ? null : (next as ContextPolicy))}
        className="flex flex-col"
      >
        {(['settings', ...policies] as const).map((policy) => (
          <RadioGroup.Item
            key={policy}
            value={policy}
            className="group flex items-start gap-2 rounded-small px-1.5 py-1 text-start hover:bg-hover"
          >
            <span
              aria-hidden
              className="mt-0.5 grid size-3.5 shrink-0 place-items-center rounded-full border border-secondary
                group-data-[state=checked]:border-accent"
            >
              <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
            </span>
            <span>
              {t(`prompt.policy.${policy}`)}
              <span className="block text-small text-secondary">
                {policy === 'settings' ? settingsHint : t(`prompt.policy.${policy}Hint`)}
              </span>
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  )
}
