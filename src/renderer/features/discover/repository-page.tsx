import { ExternalLink, KeyRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HubRepository, HubVariant, RemoteMetadata } from '../../../shared/contract/hubs.ts'
import { bitsPerWeightOf } from '../../../shared/lib/quantizations.ts'
import { OutsideLink } from '../../components/outside-link.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { formatDay, formatNumber, formatParameters, formatSize } from '../../lib/i18n/format.ts'
import { useSettings } from '../../lib/settings-store.ts'
import type { OpenedRepository } from './discover-store.ts'
import { FailureNotice } from './failure-notice.tsx'
import { askHubFits, askMachine, useFits } from './fits-store.ts'
import { Facts, OpenedPage, PageSection } from './opened-page.tsx'
import { QuantizationPicker } from './quantization-picker.tsx'
import type { Variant } from './variant.ts'
import { recommendVariant } from './recommend-variant.ts'
import { useSourceName } from './use-source-name.ts'

interface RepositoryPageProps {
  opened: OpenedRepository
  onLoad: (modelId: string) => void
}

/** A repository of a hub. What it has is asked for when it is opened. */
export function RepositoryPage({ opened: { reference, sourceId }, onLoad }: RepositoryPageProps) {
  const { t } = useTranslation()
  const [repository, setRepository] = useState<HubRepository | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    client.hubs
      .open({ reference, sourceId }, { signal: abort.signal })
      .then(setRepository)
      .catch((error: unknown) => abort.signal.aborted || setFailure(failureOf(error)))
    return () => abort.abort()
  }, [reference, sourceId, tries])

  function retry() {
    setFailure(null)
    setTries(tries + 1)
  }
  return (
    <OpenedPage title={repository?.repository ?? reference}>
      {failure && <FailureNotice failure={failure} onRetry={retry} />}
      {!repository && !failure && (
        <p role="status" className="text-secondary">
          {t('discover.opening')}
        </p>
      )}
      {repository && <OpenRepository repository={repository} onLoad={onLoad} />}
    </OpenedPage>
  )
}

/** The remote file that a variant begins with. */
function firstFile({ sourceId, repository, revision }: HubRepository, { files }: HubVariant) {
  return { sourceId, repository, revision, path: files[0]!.path }
}

interface OpenRepositoryProps {
  repository: HubRepository
  onLoad: (modelId: string) => void
}

function OpenRepository({ repository, onLoad }: OpenRepositoryProps) {
  const { t } = useTranslation()
  const settings = useSettings((state) => state.settings)
  const fits = useFits((state) => state.fits)
  const { sourceId, revision, variants, namedVariant } = repository
  useEffect(() => {
    const abort = new AbortController()
    void askMachine()
    // The one that was named first: it is what the person looks at.
    const asked = [...variants].sort((a, b) => Number(b.name === namedVariant) - Number(a.name === namedVariant))
    const targets = asked.flatMap((variant) => fitTargetOf(repository, variant) ?? [])
    void askHubFits(targets, abort.signal)
    return () => abort.abort()
  }, [repository, variants, namedVariant])

  const notes = { model: null, adapter: t('discover.adapter'), projector: t('discover.projector') }
  const shown = variants.map(
    (variant): Variant => ({
      ...variant,
      bitsPerWeight: bitsPerWeightOf(variant.quantization),
      perplexity: null,
      note: notes[variant.type],
      fitTarget: fitTargetOf(repository, variant),
      identity: {
        repositories: [repository.repository],
        fileName: variant.files[0]!.path.split('/').at(-1)!,
        sha256: variant.files.length === 1 ? variant.files[0]!.sha256 : null,
      },
      start: () =>
        client.downloads.start({ sourceId, repository: repository.repository, revision, variant: variant.name }),
    }),
  )
  return (
    <>
      {repository.isGated && <GatedNote url={repository.url} />}
      <RepositoryFacts repository={repository} />
      <PageSection title={t('discover.choose')}>
        <QuantizationPicker
          variants={shown}
          recommended={settings && recommendVariant(shown, fits, settings)}
          named={namedVariant}
          onLoad={onLoad}
        />
      </PageSection>
    </>
  )
}

function fitTargetOf(repository: HubRepository, variant: HubVariant) {
  if (variant.type !== 'model') return null
  return { type: 'hub', file: firstFile(repository, variant), sizeBytes: variant.sizeBytes } as const
}

function RepositoryFacts({ repository }: { repository: HubRepository }) {
  const { t } = useTranslation()
  const sourceName = useSourceName()
  const { license, downloads, updatedAt, revision, url, sourceId } = repository
  const metadata = useRemoteMetadata(repository)
  return (
    <PageSection title={t('discover.facts')}>
      <Facts
        facts={[
          [
            t('discover.source'),
            <OutsideLink key="url" href={url} className="text-accent hover:underline">
              {sourceName(sourceId)}
              <ExternalLink aria-hidden className="ms-1 inline size-3.5 align-[-0.15em]" strokeWidth={1.75} />
            </OutsideLink>,
          ],
          [t('discover.revision'), revision.slice(0, 12)],
          [t('discover.licence'), license ?? t('discover.unknown')],
          updatedAt !== null && [t('discover.updatedAt'), formatDay(updatedAt)],
          downloads !== null && [t('discover.downloadsName'), formatNumber(downloads)],
          metadata !== null && [t('discover.architecture'), metadata.architecture],
          metadata !== null && [t('discover.parameters'), formatParameters(metadata.parameterCount)],
          metadata !== null && [
            t('discover.native'),
            t('discover.tokens', { shown: formatNumber(metadata.trainContextSize) }),
          ],
          metadata !== null && [
            t('discover.template'),
            t(metadata.hasChatTemplate ? 'discover.hasTemplate' : 'discover.hasNoTemplate'),
          ],
        ]}
      />
      {metadata && (
        <p className="text-small text-secondary">
          {t('discover.readRemotely', { size: formatSize(metadata.transferredBytes) })}
        </p>
      )}
    </PageSection>
  )
}

/** What the head of one of its files says; null until it is read. They are quantizations of the same model. */
function useRemoteMetadata(repository: HubRepository): RemoteMetadata | null {
  const [metadata, setMetadata] = useState<RemoteMetadata | null>(null)
  useEffect(() => {
    const { variants, namedVariant } = repository
    const models = variants.filter(({ type }) => type === 'model')
    const variant = models.find(({ name }) => name === namedVariant) ?? models[0]
    if (!variant) return
    const abort = new AbortController()
    // Without it the page only lacks four facts; a hub that fails says so when something is downloaded.
    client.hubs
      .metadata(firstFile(repository, variant), { signal: abort.signal })
      .then(setMetadata)
      .catch(() => {})
    return () => abort.abort()
  }, [repository])
  return metadata
}

function GatedNote({ url }: { url: string }) {
  const { t } = useTranslation()
  return (
    <div className="flex items-start gap-3 rounded-surface border border-line bg-raised px-4 py-3">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" strokeWidth={1.75} />
      <p className="min-w-0 flex-1">
        {t('discover.gatedNote')}{' '}
        <OutsideLink href={url} className="text-accent underline underline-offset-2">
          {t('discover.gatedLink')}
        </OutsideLink>
      </p>
    </div>
  )
}
