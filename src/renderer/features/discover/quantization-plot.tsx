/**
 * Size against perplexity, the recommended point named. The scale of the perplexity is cut above a
 * few times the best one, where a row would press all others into one line: such a point stands at
 * the upper edge with its value beside it.
 */
import { useTranslation } from 'react-i18next'
import type { QuantizationTable } from '../../../shared/contract/catalog.ts'
import { formatNumber } from '../../lib/i18n/format.ts'

interface QuantizationPlotProps {
  table: QuantizationTable
  /** The quantization that is recommended in general. */
  recommended: string
}

interface Point {
  quantization: string
  perplexity: number
  left: number
  top: number
  /** Above the scale. */
  isCut: boolean
  /** Its name stands under it. */
  isBelow: boolean
}

const width = 600
const height = 240
const margin = { top: 16, right: 24, bottom: 36, left: 48 }

/** Round values between two, at most five steps apart. */
function ticks(from: number, to: number): number[] {
  const rough = (to - from) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)!
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step)
}

export function QuantizationPlot({ table, recommended }: QuantizationPlotProps) {
  const { t } = useTranslation()
  const sizes = table.rows.map(({ sizeBytes }) => sizeBytes / 1e9)
  const best = Math.min(...table.rows.map(({ perplexity }) => perplexity))
  const shown = table.rows.map(({ perplexity }) => perplexity).filter((perplexity) => perplexity < best * 1.3)
  const xRange = [0, Math.max(...sizes) * 1.05] as const
  const yRange = [best - (Math.max(...shown) - best) * 0.15, Math.max(...shown) * 1.02] as const
  const x = (value: number) =>
    margin.left + ((value - xRange[0]) / (xRange[1] - xRange[0])) * (width - margin.left - margin.right)
  const y = (value: number) =>
    height - margin.bottom - ((value - yRange[0]) / (yRange[1] - yRange[0])) * (height - margin.top - margin.bottom)
  const points: Point[] = []
  for (const { quantization, sizeBytes, perplexity } of table.rows.toSorted((a, b) => a.sizeBytes - b.sizeBytes)) {
    const isCut = perplexity > yRange[1]
    const [left, top] = [x(sizeBytes / 1e9), isCut ? margin.top + 6 : y(perplexity)]
    // Where two stand close together, their names go to different sides.
    const last = points.at(-1)
    const isClose = !!last && left - last.left < 70 && Math.abs(top - last.top) < 14
    points.push({ quantization, perplexity, left, top, isCut, isBelow: isClose && !last.isBelow })
  }
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t('quantizations.plot', { model: table.model })}
      className="w-full max-w-160"
    >
      <g className="fill-secondary text-[11px]">
        {ticks(...yRange).map((value) => (
          <g key={value}>
            <line x1={margin.left} x2={width - margin.right} y1={y(value)} y2={y(value)} className="stroke-line" />
            <text x={margin.left - 8} y={y(value) + 4} textAnchor="end">
              {formatNumber(value, 2)}
            </text>
          </g>
        ))}
        {ticks(...xRange).map((value) => (
          <text key={value} x={x(value)} y={height - margin.bottom + 16} textAnchor="middle">
            {formatNumber(value, 1)}
          </text>
        ))}
        <text x={width - margin.right} y={height - 4} textAnchor="end">
          {t('quantizations.plotSize')}
        </text>
        <text x={margin.left - 40} y={11}>
          {t('quantizations.plotPerplexity')}
        </text>
      </g>
      {points.map(({ quantization, perplexity, left, top, isCut, isBelow }) => {
        const isRecommended = quantization === recommended
        return (
          <g key={quantization} className={isRecommended ? 'fill-accent' : 'fill-secondary'}>
            {isCut ? (
              <path d={`M${left - 4} ${top + 3} L${left} ${top - 4} L${left + 4} ${top + 3} Z`} />
            ) : (
              <circle cx={left} cy={top} r={isRecommended ? 5 : 3.5} />
            )}
            <text
              x={isBelow ? left : left + 8}
              y={isBelow ? top + 16 : top - 4}
              textAnchor={isBelow ? 'middle' : 'start'}
              className={`text-[11px] ${isRecommended ? 'fill-text font-semibold' : 'fill-text'}`}
            >
              {quantization}
              {isCut && ` ${formatNumber(perplexity, 2)}`}
              {isRecommended && ` · ${t('quantizations.recommended')}`}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
