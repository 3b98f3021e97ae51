import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import type { PromptCount, PromptPartKind } from '../../../shared/contract/generation.ts'
import { formatNumber, formatPercent } from '../../lib/i18n/format.ts'

/** In the order they have in most prompts. */
const kinds: PromptPartKind[] = ['template', 'system', 'summary', 'history', 'attachment', 'message', 'answer']

/** What the prompt's tokens are spent on, and what is left. The same numbers wherever a prompt is shown. */
export function PromptParts({ count }: { count: Omit<PromptCount, 'parts'> & { parts: Counts } }) {
  const { t } = useTranslation()
  const { promptTokens, contextSize, cachedTokens, reservedTokens, parts, cut } = count
  const rows = kinds.flatMap((kind): [string, number][] => (parts[kind] ? [[t(`prompt.part.${kind}`), parts[kind]]] : []))
  return (
    <div className="flex flex-col gap-2">
      <table className="w-full" aria-label={t('prompt.parts')}>
        <tbody>
          {rows.map(([label, tokens]) => (
            <Row key={label} label={label} tokens={tokens} contextSize={contextSize} />
          ))}
          <Row label={t('prompt.total')} tokens={promptTokens} contextSize={contextSize} isTotal />
          {cachedTokens > 0 && <Row label={t('prompt.cached')} tokens={cachedTokens} contextSize={contextSize} isAside />}
          {reservedTokens > 0 && (
            <Row label={t('prompt.reserved')} tokens={reservedTokens} contextSize={contextSize} isAside />
          )}
        </tbody>
      </table>
      <p className="text-small text-secondary">
        {t('prompt.ofContext', { used: formatNumber(promptTokens), size: formatNumber(contextSize) })}
      </p>
      {cut && <p>{cutSentence(t, cut, contextSize)}</p>}
    </div>
  )
}

type Counts = Partial<Record<PromptPartKind, number>>

interface RowProps {
  label: string
  tokens: number
  contextSize: number
  isTotal?: boolean
  isAside?: boolean
}

function Row({ label, tokens, contextSize, isTotal, isAside }: RowProps) {
  const share = tokens / contextSize
  const weight = isTotal ? 'font-semibold' : 'font-normal'
  return (
    <tr className={isTotal ? 'border-t border-line' : isAside ? 'text-secondary' : ''}>
      <th scope="row" className={`py-0.5 pe-4 text-start ${weight}`}>
        {label}
      </th>
      <td className="w-16 py-0.5" aria-hidden>
        <div className="h-1 rounded-full bg-line">
          <div className="h-full rounded-full bg-accent" style={{ width: `${Math.min(1, share) * 100}%` }} />
        </div>
      </td>
      <td className={`py-0.5 ps-3 text-end ${weight}`}>{formatNumber(tokens)}</td>
      <td className="py-0.5 ps-3 text-end text-secondary">{formatPercent(share)}</td>
    </tr>
  )
}

/** What is left out of a prompt and why. */
export function cutSentence(t: TFunction, cut: NonNullable<PromptCount['cut']>, contextSize: number): string {
  return t('prompt.cutWhy', {
    what: t(`prompt.cut.${cut.policy}`, { count: cut.messageCount }),
    whole: formatNumber(cut.wholeTokens),
    size: formatNumber(contextSize),
  })
}
