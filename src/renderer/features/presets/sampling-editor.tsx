/**
 * Every sampling value, the few that most people need first. What is not set here follows what stands
 * behind it, and says where that comes from.
 */
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatValues } from '../../../shared/lib/chat-values.ts'
import { samplingNames } from '../../../shared/lib/sampling.ts'
import type { Sampling, SamplingName, SamplingNumberName, SamplingOverrides } from '../../../shared/lib/sampling.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { AnswerFormatField } from './answer-format-field.tsx'
import { NegativePromptField } from './negative-prompt-field.tsx'
import type { SamplingFieldProps } from './sampling-field-head.tsx'
import { SamplingNumberField } from './sampling-number-field.tsx'
import { StopTextsField } from './stop-texts-field.tsx'

export interface SamplingEditorProps {
  /** What is set here. */
  overrides: SamplingOverrides
  /** What counts where nothing is set here. */
  inherited: ChatValues['sampling']
  onSave: (overrides: SamplingOverrides) => Promise<unknown>
}

const simpleNames = ['temperature', 'topP', 'repeatPenalty', 'maxTokens'] as const
const groups = {
  choice: ['topK', 'minP', 'seed'],
  repetition: ['penaltyWindow', 'frequencyPenalty', 'presencePenalty'],
  dry: ['dryMultiplier', 'dryBase', 'dryAllowedLength', 'dryLastTokens'],
  xtc: ['xtcProbability', 'xtcThreshold'],
} as const

export function SamplingEditor({ overrides, inherited, onSave }: SamplingEditorProps) {
  const { t } = useTranslation()
  const { value, change, flush } = useSavedEdit(overrides, onSave)

  function field<Name extends SamplingName>(name: Name): SamplingFieldProps<Sampling[Name]> {
    const own: Sampling[Name] | undefined = value[name]
    return {
      value: own === undefined ? inherited[name].value : own,
      source: own === undefined ? inherited[name].source : null,
      onChange(next) {
        const { [name]: _, ...others } = value
        change(next === undefined ? others : { ...others, [name]: next })
      },
    }
  }
  const number = (name: SamplingNumberName) => <SamplingNumberField key={name} name={name} {...field(name)} />
  const setBehind = samplingNames.filter((name) => value[name] !== undefined && !isSimple(name)).length
  return (
    <div className="flex flex-col gap-5 pt-1" onBlur={flush}>
      {simpleNames.map(number)}
      <More setCount={setBehind}>
        <Group title={t('sampling.group.output')}>
          <StopTextsField {...field('stopTexts')} />
          <AnswerFormatField {...field('answerFormat')} />
        </Group>
        {(Object.keys(groups) as (keyof typeof groups)[]).map((group) => (
          <Group key={group} title={t(`sampling.group.${group}`)}>
            {groups[group].map(number)}
          </Group>
        ))}
        <Group title={t('sampling.group.guidance')}>
          {number('guidanceScale')}
          <NegativePromptField {...field('negativePrompt')} />
        </Group>
      </More>
    </div>
  )
}

function isSimple(name: SamplingName): boolean {
  return (simpleNames as readonly string[]).includes(name)
}

function More({ setCount, children }: { setCount: number; children: ReactNode }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-mx-1 flex h-7 w-full items-center gap-1 rounded-small px-1 text-start hover:bg-hover"
      >
        <ChevronRight aria-hidden className={`size-4 text-secondary ${open ? 'rotate-90' : ''}`} strokeWidth={1.75} />
        <span className="min-w-0 flex-1 truncate">{t('sampling.more')}</span>
        {setCount > 0 && (
          <span className="text-small text-secondary">{t('sampling.moreSet', { count: setCount })}</span>
        )}
      </button>
      {open && <div className="flex flex-col gap-6 pt-3">{children}</div>}
    </div>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-4">
      <h3 className="border-b border-line pb-1 text-small text-secondary">{title}</h3>
      {children}
    </section>
  )
}
