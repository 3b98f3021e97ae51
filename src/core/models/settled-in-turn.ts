/** Does one after the other; the failure of one stops none. */
export async function settledInTurn<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = []
  for (const item of items) results.push(...(await Promise.allSettled([work(item)])))
  return results
}
