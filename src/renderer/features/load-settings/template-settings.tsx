import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { templateFamilies } from '../../../shared/lib/load-setting-values.ts'
import type { TemplateChoice } from '../../../shared/contract/load-settings.ts'
import type { TemplateFamily } from '../../../shared/lib/load-setting-values.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { Select } from '../../components/select.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { Setting } from './setting.tsx'
import type { Overrides } from './use-overrides.ts'

/** How a conversation is put to the model, with a preview of the very text. */
export function TemplateSettings({ model, edit }: { model: Model; edit: Overrides }) {
  const { t } = useTranslation()
  const { settings, set, resetOf } = edit
  const { template, stopTexts } = settings
  const [open, setOpen] = useState(false)
  const options = [
    { value: 'automatic', label: t('loadSettings.automatic') },
    ...templateFamilies.map((family) => ({ value: family, label: family })),
    { value: 'jinja', label: t('loadSettings.customTemplate') },
  ]
  async function choose(value: string) {
    if (value === 'automatic') set('template', { type: 'automatic' })
    else if (value !== 'jinja') set('template', { type: 'family', family: value as TemplateFamily })
    else {
      // To begin with: the file's own, or the common form.
      const details = await client.models.details({ modelId: model.id }).catch(() => null)
      set('template', { type: 'jinja', source: details?.chatTemplate || chatMl })
      setOpen(true)
    }
  }
  return (
    <>
      <Setting
        label={t('loadSettings.template')}
        hint={t('loadSettings.templateHint')}
        onReset={resetOf('template')}
      >
        <Select
          label={t('loadSettings.template')}
          value={template.type === 'family' ? template.family : template.type}
          options={options}
          onValueChange={(value) => void choose(value)}
          className="w-full"
        />
        {template.type === 'jinja' && (
          <textarea
            aria-label={t('loadSettings.customTemplate')}
            value={template.source}
            spellCheck={false}
            onChange={({ target }) => target.value && set('template', { type: 'jinja', source: target.value })}
            className="mt-2 field-sizing-content max-h-60 min-h-24 w-full resize-y rounded-control border border-line
              bg-page px-2.5 py-1.5 font-mono text-small outline-none focus:border-accent"
          />
        )}
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1 text-small text-secondary underline-offset-2 hover:text-text hover:underline"
        >
          {t(open ? 'loadSettings.hidePreview' : 'loadSettings.preview')}
        </button>
        {open && <Preview modelId={model.id} template={template} />}
      </Setting>
      <Setting label={t('loadSettings.stopTexts')} hint={t('loadSettings.stopTextsHint')} onReset={resetOf('stopTexts')}>
        <textarea
          aria-label={t('loadSettings.stopTexts')}
          rows={2}
          spellCheck={false}
          defaultValue={stopTexts.join('\n')}
          key={stopTexts.join('\n')}
          onBlur={({ target }) => set('stopTexts', target.value.split('\n').filter(Boolean).slice(0, 16))}
          className="field-sizing-content max-h-40 w-full resize-none rounded-control border border-line bg-page px-2.5
            py-1.5 font-mono text-small outline-none focus:border-accent"
        />
      </Setting>
    </>
  )
}

/** Source: https://github.com/openai/openai-python/blob/v0.28.1/chatml.md */
const chatMl = `{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`

const restMs = 300

/** A short conversation as the model would be given it. Rendered a moment after the last change. */
function Preview({ modelId, template }: { modelId: string; template: TemplateChoice }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<{ title: string; text: string; isFailure: boolean } | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    const timer = setTimeout(() => {
      void client.models
        .previewTemplate({ modelId, template }, { signal })
        .then(({ template, prompt }) => ({ title: template, text: prompt, isFailure: false }))
        .catch((error: unknown) => ({ title: '', text: failureSentence(t, failureOf(error)), isFailure: true }))
        .then((result) => !signal.aborted && setShown(result))
    }, restMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [modelId, template, t])
  if (!shown) return null
  if (shown.isFailure) {
    return (
      <p role="alert" className="pt-1 text-small wrap-anywhere">
        {shown.text}
      </p>
    )
  }
  const name = shown.title === 'file' ? t('inspector.templateOfFile') : shown.title
  return (
    <figure className="pt-1">
      <figcaption className="pb-1 text-small text-secondary">{t('loadSettings.previewOf', { name })}</figcaption>
      <pre
        tabIndex={0}
        data-selectable
        className="max-h-60 overflow-auto rounded-control bg-raised px-2.5 py-2 font-mono text-small whitespace-pre-wrap
          wrap-anywhere"
      >
        {shown.text}
      </pre>
    </figure>
  )
}
