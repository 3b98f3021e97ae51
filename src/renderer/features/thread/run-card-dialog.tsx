import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunCard } from '../../../shared/contract/chats.ts'
import { defaultSampling, samplingNames } from '../../../shared/lib/sampling.ts'
import type { Sampling, SamplingName } from '../../../shared/lib/sampling.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { formatNumber, formatSize } from '../../lib/i18n/format.ts'
import { useCopy } from '../../lib/use-copy.ts'
import { useDuration } from './use-duration.ts'
import { useSamplingText } from './use-sampling-text.ts'

interface RunCardDialogProps {
  card: RunCard
  onClose: () => void
}

/** Everything an answer was made with: enough to make it again. */
export function RunCardDialog({ card, onClose }: RunCardDialogProps) {
  const { t } = useTranslation()
  const duration = useDuration()
  const samplingText = useSamplingText()
  const [allValues, setAllValues] = useState(false)
  const { copied, copy } = useCopy(JSON.stringify(card, null, 2))
  const tokens = (count: number) => t('thread.card.tokens', { count })
  const { model, sampling, draft, cut } = card
  const adapters = card.adapters.map(({ fileName, scale }) => `${fileName} × ${scale}`).join(', ')
  const changed = samplingNames.filter((name) => !isDefault(sampling, name))

  const rows: [label: string, value: string | null][] = [
    [t('thread.card.model'), model.name],
    [t('thread.card.file'), model.fileName],
    [t('thread.card.size'), formatSize(model.sizeBytes)],
    [t('thread.card.architecture'), model.architecture],
    [t('thread.card.quantization'), model.quantization],
    [t('thread.card.sha256'), model.sha256 ?? t('thread.card.notComputed')],
    [t('thread.card.adapters'), adapters || null],
    [t('thread.card.template'), card.template === 'file' ? t('thread.card.templateOfFile') : card.template],
    [t('thread.card.systemPrompt'), card.systemPrompt || null],
    [t('thread.card.contextSize'), tokens(card.contextSize)],
    [t('thread.card.gpu'), card.gpu.toUpperCase()],
    [t('thread.card.threads'), formatNumber(card.threads)],
    [
      t('thread.card.promptTokens'),
      card.cachedTokens > 0
        ? t('thread.card.withCached', { tokens: tokens(card.promptTokens), cached: formatNumber(card.cachedTokens) })
        : tokens(card.promptTokens),
    ],
    [t('message.cut'), cut && cutText(cut)],
    [t('message.given'), card.givenCharacters > 0 ? t('message.givenCharacters', { count: card.givenCharacters }) : null],
    [t('thread.card.promptTime'), duration(card.promptMs)],
    [t('thread.card.firstToken'), card.timeToFirstTokenMs === null ? null : duration(card.timeToFirstTokenMs)],
    [t('thread.card.answerTokens'), tokens(card.answerTokens)],
    [t('thread.card.draft'), draft && draftText(draft)],
    [
      t('thread.card.speed'),
      card.tokensPerSecond === null ? null : t('thread.speed', { rate: formatNumber(card.tokensPerSecond, 1) }),
    ],
    [t('thread.card.stopReason'), card.stopReason && t(`thread.stopReason.${card.stopReason}`)],
  ]

  function cutText({ messageCount, policy, hasSummary }: NonNullable<RunCard['cut']>): string {
    const messages = t('message.cutCount', { count: messageCount })
    const what = hasSummary ? t('message.cutWithSummary', { messages }) : messages
    return `${what} (${t(`prompt.policy.${policy}`)})`
  }

  function draftText(draft: NonNullable<RunCard['draft']>): string {
    const counts = {
      method: t(`message.draftMethod.${draft.method}`),
      accepted: formatNumber(draft.acceptedTokens),
      rejected: formatNumber(draft.rejectedTokens),
    }
    const plain = draft.plainTokensPerSecond
    return [
      t('message.draftCounts', counts),
      plain !== null && t('message.plainSpeed', { rate: formatNumber(plain, 1) }),
      draft.isPaused && t('message.draftPaused'),
    ]
      .filter(Boolean)
      .join('; ')
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={t('thread.runCard')}
      footer={<Button onClick={copy}>{t(copied ? 'common.copied' : 'thread.card.copy')}</Button>}
    >
      <Rows rows={rows} />
      <h3 className="pt-4 pb-1.5 font-semibold">{t('sampling.sampling')}</h3>
      {changed.length === 0 && !allValues && <p className="pb-1.5 text-secondary">{t('message.asDefault')}</p>}
      <Rows
        rows={(allValues ? samplingNames : changed).map((name) => [
          t(`sampling.name.${name}`),
          samplingText(name, sampling[name]),
        ])}
      />
      <Button look="quiet" className="-ms-3 mt-1" aria-expanded={allValues} onClick={() => setAllValues(!allValues)}>
        {t(allValues ? 'message.fewerValues' : 'message.allValues')}
      </Button>
    </Dialog>
  )
}

function Rows({ rows }: { rows: [label: string, value: string | null][] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {rows.map(
        ([label, value]) =>
          value !== null && (
            <div key={label} className="contents">
              <dt className="text-secondary">{label}</dt>
              <dd className="wrap-anywhere whitespace-pre-wrap">{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

function isDefault(sampling: Sampling, name: SamplingName): boolean {
  return JSON.stringify(sampling[name]) === JSON.stringify(defaultSampling[name])
}
