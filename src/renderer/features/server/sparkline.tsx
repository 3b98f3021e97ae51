const width = 120
const height = 28

interface SparklineProps {
  label: string
  values: number[]
}

/** A row of figures as a line, the newest at the right, the largest at the top. */
export function Sparkline({ values, label }: SparklineProps) {
  const most = Math.max(1, ...values)
  const step = width / Math.max(1, values.length - 1)
  const points = values.map((value, index) => `${index * step},${height - 1 - (value / most) * (height - 2)}`)
  return (
    <svg role="img" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <line x1="0" y1={height - 0.5} x2={width} y2={height - 0.5} className="stroke-line" />
      <polyline points={points.join(' ')} fill="none" strokeWidth="1.5" className="stroke-accent" />
    </svg>
  )
}
