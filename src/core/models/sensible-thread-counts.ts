/** A quarter, half, three quarters, all but one, and all of the cores. */
export function sensibleThreadCounts(cores: number): number[] {
  const counts = [cores / 4, cores / 2, (3 * cores) / 4, cores - 1, cores]
  return [...new Set(counts.map((count) => Math.max(1, Math.floor(count))))]
}
