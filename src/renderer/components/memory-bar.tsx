/**
 * What something would take of this machine's memory, as a bar: what others use, its parts, and what
 * is left. Where it does not fit, the parts run over the mark at the end of the memory.
 */
import { useTranslation } from 'react-i18next'
import { formatSize } from '../lib/i18n/format.ts'

/** In bytes. The parts are drawn in proportion, so that together they are `totalBytes`. */
export interface MemoryNeed {
  weightsBytes: number
  kvCacheBytes: number
  buffersBytes: number
  draftBytes: number
  adaptersBytes: number
  totalBytes: number
}

/** In bytes: what could be taken now, and all there is. */
export interface Memory {
  freeBytes: number
  totalBytes: number
}

interface MemoryBarProps {
  need: MemoryNeed
  memory: Memory
  /** Read out before the figures, to those who cannot see the bar. */
  verdict: string
  className?: string
}

const used = 'bg-secondary/55'
const colours = {
  weights: 'bg-accent',
  kvCache: 'bg-accent/70',
  buffers: 'bg-accent/45',
  draft: 'bg-accent/30',
  adapters: 'bg-accent/20',
} as const

function partsOf(need: MemoryNeed) {
  const names = Object.keys(colours) as (keyof typeof colours)[]
  const sum = names.reduce((sum, name) => sum + need[`${name}Bytes`], 0)
  const scale = sum > 0 ? need.totalBytes / sum : 0
  return names
    .map((name) => ({ name, sizeBytes: need[`${name}Bytes`] * scale }))
    .filter(({ sizeBytes }) => sizeBytes > 0)
}

export function MemoryBar({ need, memory, verdict, className = '' }: MemoryBarProps) {
  const { t } = useTranslation()
  const usedBytes = Math.max(0, memory.totalBytes - memory.freeBytes)
  const shownBytes = Math.max(memory.totalBytes, usedBytes + need.totalBytes)
  const percent = (sizeBytes: number) => `${(100 * sizeBytes) / shownBytes}%`
  const figures = t('memory.bar', {
    needed: formatSize(need.totalBytes),
    free: formatSize(memory.freeBytes),
    total: formatSize(memory.totalBytes),
  })
  return (
    <div role="img" aria-label={`${verdict}: ${figures}`} className={`relative h-2 ${className}`}>
      <div className="flex h-full gap-px overflow-hidden rounded-full bg-line">
        <div className={used} style={{ width: percent(usedBytes) }} />
        {partsOf(need).map(({ name, sizeBytes }) => (
          <div key={name} className={colours[name]} style={{ width: percent(sizeBytes) }} />
        ))}
      </div>
      {shownBytes > memory.totalBytes && (
        <div className="absolute -inset-y-1 w-0.5 bg-danger" style={{ left: percent(memory.totalBytes) }} />
      )}
    </div>
  )
}

/** The same in figures, as the key to the bar's colours. */
export function MemoryFigures({ need, memory }: Pick<MemoryBarProps, 'need' | 'memory'>) {
  const { t } = useTranslation()
  const leftBytes = memory.freeBytes - need.totalBytes
  const left = leftBytes < 0 ? (['missing', 'bg-danger'] as const) : (['free', 'bg-line'] as const)
  const items = [
    { name: 'used' as const, colour: used, sizeBytes: Math.max(0, memory.totalBytes - memory.freeBytes) },
    ...partsOf(need).map((part) => ({ ...part, colour: colours[part.name] })),
    { name: left[0], colour: left[1], sizeBytes: Math.abs(leftBytes) },
  ]
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-small" data-selectable>
      {items.map(({ name, colour, sizeBytes }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span aria-hidden className={`size-2 rounded-full ${colour}`} />
          <span className="text-secondary">{t(`memory.${name}`)}</span>
          {formatSize(sizeBytes)}
        </li>
      ))}
    </ul>
  )
}
