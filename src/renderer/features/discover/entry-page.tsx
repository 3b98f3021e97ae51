import { ExternalLink } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry, CatalogFile } from '../../../shared/contract/catalog.ts'
import { OutsideLink } from '../../components/outside-link.tsx'
import { client } from '../../lib/client.ts'
import { formatNumber } from '../../lib/i18n/format.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { fitTargets } from './catalog-list.tsx'
import { identityOf } from './catalog-store.ts'
import { askCatalogFits, askMachine } from './fits-store.ts'
import { Facts, OpenedPage, PageSection } from './opened-page.tsx'
import { QuantizationPicker } from './quantization-picker.tsx'
import type { Variant } from './variant.ts'
import { Scores } from './scores.tsx'

interface EntryPageProps {
  entry: CatalogEntry
  onLoad: (modelId: string) => void
}

const hubPages = { huggingFace: 'https://huggingface.co/', modelScope: 'https://modelscope.cn/models/' } as const
const hubNames = { huggingFace: 'hugging-face', modelScope: 'modelscope' } as const

/** A model of the catalog: what it is, what it can do, and its files to choose from. */
export function EntryPage({ entry, onLoad }: EntryPageProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language === 'zh' ? 'zh' : 'en'
  const { description, limits, contextSize, extendedContext, parametersB, template, kind } = entry
  const [recommended, setRecommended] = useState<string | null>(null)
  useEffect(() => {
    askCatalogFits(fitTargets(entry))
    void askMachine()
    client.catalog
      .recommend({ entryId: entry.id })
      .then((file) => setRecommended(file?.fileName ?? null))
      .catch(showFailure)
  }, [entry])

  const variantOf = (file: CatalogFile): Variant => ({
    ...file,
    note: file.certainty === 'inferred' ? t('discover.inferred') : null,
    fitTarget: { type: 'catalog', entryId: entry.id, fileName: file.name },
    identity: identityOf(entry, file),
    start: () => client.downloads.startFromCatalog({ entryId: entry.id, fileName: file.name }),
  })
  const tokens = (count: number) => t('discover.tokens', { shown: formatNumber(count) })
  return (
    <OpenedPage
      title={entry.name}
      aside={entry.isRecommended && <span className="text-small text-accent">{t('discover.recommended')}</span>}
    >
      <p className="max-w-190 text-reading" data-selectable>
        {description[language]}
      </p>
      {limits && (
        <PageSection title={t('discover.limits')}>
          <p className="max-w-190 text-reading" data-selectable>
            {limits[language]}
          </p>
        </PageSection>
      )}
      <PageSection title={t('discover.facts')}>
        <Facts
          facts={[
            [t('discover.family'), t(`discover.families.${entry.family}`)],
            [t('discover.kind'), t(`discover.kinds.${kind}`)],
            [
              t('discover.parameters'),
              parametersB === null ? t('discover.unknown') : `${formatNumber(parametersB, 2)} B`,
            ],
            [t('discover.native'), contextSize === null ? t('discover.unknown') : tokens(contextSize)],
            extendedContext !== null && [
              t('discover.extended'),
              <>
                {tokens(extendedContext.sizeTokens)}
                <span className="block text-small text-secondary">{extendedContext.note[language]}</span>
              </>,
            ],
            [t('discover.template'), template ?? t(kind === 'base' ? 'discover.templateNone' : 'discover.templateUnknown')],
            [t('discover.licence'), entry.license[language]],
          ]}
        />
      </PageSection>
      {entry.files.length > 0 && (
        <PageSection title={t('discover.choose')}>
          <QuantizationPicker variants={entry.files.map(variantOf)} recommended={recommended} onLoad={onLoad} />
        </PageSection>
      )}
      {entry.scores.length > 0 && (
        <PageSection title={t('discover.scores')}>
          <Scores scores={entry.scores} />
        </PageSection>
      )}
      <PageSection title={t('discover.links')}>
        <EntryLinks entry={entry} />
      </PageSection>
    </OpenedPage>
  )
}

function EntryLinks({ entry }: { entry: CatalogEntry }) {
  const { t } = useTranslation()
  const kinds = ['gguf', 'full', 'lora'] as const
  const hubs = ['huggingFace', 'modelScope'] as const
  const links = [
    ...kinds.flatMap((kind) =>
      hubs.flatMap((hub) => {
        const repository = entry.repositories[kind][hub]
        const label = `${t(`discover.filesOf.${kind}`)} · ${t(`hubs.source.${hubNames[hub]}`)} · ${repository}`
        return repository === null ? [] : [{ href: hubPages[hub] + repository, label }]
      }),
    ),
    ...entry.links.map((href) => ({ href, label: href })),
  ]
  return (
    <ul className="flex flex-col items-start gap-1">
      {links.map(({ href, label }) => (
        <li key={href + label}>
          <OutsideLink href={href} className="wrap-anywhere text-accent hover:underline">
            {label}
            <ExternalLink aria-hidden className="ms-1 inline size-3.5 align-[-0.15em]" strokeWidth={1.75} />
          </OutsideLink>
        </li>
      ))}
    </ul>
  )
}
