interface MarkedTextProps {
  text: string
  /** Start and end (excluded) of what to mark, in order, without overlaps. */
  ranges: readonly (readonly [number, number])[]
}

export function MarkedText({ text, ranges }: MarkedTextProps) {
  return (
    <>
      {ranges.map(([start, end], index) => (
        <span key={start}>
          {text.slice(ranges[index - 1]?.[1] ?? 0, start)}
          <mark className="rounded-xs bg-accent/25 text-text">{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </>
  )
}
