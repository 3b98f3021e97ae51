import { useTranslation } from 'react-i18next'
import type { RunCard } from '../../../shared/contract/chats.ts'
import { samplingNames } from '../../../shared/lib/sampling.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { formatNumber, formatSize } from '../../lib/i18n/format.ts'
import { useCopy } from '../../lib/use-copy.ts'
import { useDuration } from './use-duration.ts'

interface RunCardDialogProps {
  card: RunCard
  onClose: () => void
}

/** Everything an answer was made with: enough to make it again. */
export function RunCardDialog({ card, onClose }: RunCardDialogProps) {
  const { t } = useTranslation()
  const duration = useDuration()
  const { copied, copy } = useCopy(JSON.stringify(card, null, 2))
  const tokens = (count: number) => t('thread.card.tokens', { count })
  const { model, sampling } = card
  const adapters = card.adapters.map(({ fileName, scale }) => `${fileName} × ${scale}`).join(', ')

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
    ...samplingNames.map((name): [string, string] => {
      const value = sampling[name]
      const shown = value === null ? t('thread.card.noLimit') : name === 'maxTokens' ? tokens(value) : String(value)
      return [t(`thread.card.${name}`), shown]
    }),
    [t('thread.card.contextSize'), tokens(card.contextSize)],
    [t('thread.card.gpu'), card.gpu.toUpperCase()],
    [t('thread.card.threads'), formatNumber(card.threads)],
    [
      t('thread.card.promptTokens'),
      card.cachedTokens > 0
        ? t('thread.card.withCached', { tokens: tokens(card.promptTokens), cached: formatNumber(card.cachedTokens) })
        : tokens(card.promptTokens),
    ],
    [t('thread.card.promptTime'), duration(card.promptMs)],
    [t('thread.card.firstToken'), card.timeToFirstTokenMs === null ? null : duration(card.timeToFirstTokenMs)],
    [t('thread.card.answerTokens'), tokens(card.answerTokens)],
    [
      t('thread.card.draft'),
      card.draft &&
        t('thread.card.draftCounts', {
          accepted: formatNumber(card.draft.acceptedTokens),
          rejected: formatNumber(card.draft.rejectedTokens),
        }),
    ],
    [
      t('thread.card.speed'),
      card.tokensPerSecond === null ? null : t('thread.speed', { rate: formatNumber(card.tokensPerSecond, 1) }),
    ],
    [t('thread.card.stopReason'), card.stopReason && t(`thread.stopReason.${card.stopReason}`)],
  ]

  return (
    <Dialog
      open
      onClose={onClose}
      title={t('thread.runCard')}
      footer={<Button onClick={copy}>{t(copied ? 'common.copied' : 'thread.card.copy')}</Button>}
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
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
    </Dialog>
  )
}
