import { createContext, use } from 'react'

/** Where a model can be taken from here; the app knows how, the library only which. */
export interface ModelUse {
  onChat: (modelId: string) => void
  onComplete: (modelId: string) => void
}

export const ModelUseContext = createContext<ModelUse | null>(null)

export function useModelUse(): ModelUse {
  const modelUse = use(ModelUseContext)
  if (!modelUse) throw new Error('The library is not mounted')
  return modelUse
}
