import type { LoadState, Model } from '../../shared/contract/models.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import { findModelByName, modelNames } from '../../shared/lib/model-names.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'

export interface ListedModel {
  /** As it is typed. */
  name: string
  model: Model
  load: LoadState
}

/** All, those used last first. Adapters, which are not loaded by themselves, are among them. */
export async function listModels(client: HostClient): Promise<ListedModel[]> {
  const { models, loads } = await client.models.list()
  const names = modelNames(models)
  return models.map((model) => ({ name: names.get(model.id)!, model, load: loads[model.id] ?? { state: 'unloaded' } }))
}

/** By any of its names. Throws MODEL_UNKNOWN. */
export async function findModel(client: HostClient, name: string): Promise<ListedModel> {
  const listed = await listModels(client)
  const found = findModelByName(listed.map(({ model }) => model), name)
  const one = listed.find(({ model }) => model === found)
  if (!one) throw new AppFailure('MODEL_UNKNOWN', { name })
  return one
}
