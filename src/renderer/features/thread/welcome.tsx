import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { Button } from '../../components/button.tsx'

interface WelcomeProps {
  model: Model | null
  onLoadModel: () => void
  onSuggestion: (text: string) => void
  /** What a first start has to offer besides. */
  children?: ReactNode
}

/** An empty chat: something to begin with. */
export function Welcome({ model, onLoadModel, onSuggestion, children }: WelcomeProps) {
  const { t } = useTranslation()
  if (!model) {
    return (
      <div className="m-auto flex flex-col items-center gap-4 py-8 text-center">
        <p className="text-reading">{t('thread.noModel')}</p>
        <p className="text-secondary">{t('thread.noModelNote')}</p>
        <Button look="primary" onClick={onLoadModel}>
          {t('thread.loadModel')}
        </Button>
      </div>
    )
  }
  const isDemo = model.source === 'bundled'
  const suggestions = t(isDemo ? 'thread.demoSuggestions' : 'thread.suggestions', { returnObjects: true })
  return (
    // Not centred: what comes in below must not move what is above.
    <div className="mx-auto mt-[14vh] flex w-full max-w-md flex-col gap-5 pb-8">
      <h2 className="text-heading font-semibold">{t('thread.welcome')}</h2>
      <div className="flex flex-col gap-2">
        {Object.values(suggestions).map((text) => (
          <button
            key={text}
            type="button"
            onClick={() => onSuggestion(text)}
            className="rounded-control border border-line px-4 py-2.5 text-start transition-colors hover:bg-hover"
          >
            {text}
          </button>
        ))}
      </div>
      {isDemo && <p className="text-small text-secondary">{t('thread.demoNote')}</p>}
      {isDemo && children}
    </div>
  )
}
