/** Which models were asked for compared answers, until the answers' run cards say it. */
import { create } from 'zustand'

/** Answer id → model id. */
export const useVariantModels = create<ReadonlyMap<string, string>>(() => new Map())

export function putVariantModels(answerIds: readonly string[], modelIds: readonly (string | undefined)[]): void {
  const added = answerIds.flatMap((id, index): [string, string][] => {
    const modelId = modelIds[index]
    return modelId === undefined ? [] : [[id, modelId]]
  })
  useVariantModels.setState((models) => new Map([...models, ...added]), true)
}
