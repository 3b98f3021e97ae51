/** The models this machine has, what is loaded, and the actions on them. */
import { create } from 'zustand'
import type { LoadState, Model, ModelEvent } from '../../shared/contract/models.ts'
import { client } from './client.ts'
import { failureOf } from './failure.ts'
import type { ShownFailure } from './failure.ts'
import { follow } from './follow.ts'
import { showFailure } from './show-failure.ts'

/** A model or file that could not be loaded or added, to be told in a dialog. */
export interface ModelProblem {
  failure: ShownFailure
  /** Set when it is about loading: what "load anyway" would load. */
  modelId?: string
}

interface Models {
  /** null until the host has told them. */
  models: ReadonlyMap<string, Model> | null
  /** Models without an entry are unloaded. */
  loads: Readonly<Record<string, LoadState>>
  problems: ModelProblem[]
  /** The list of models in the top bar is open. */
  pickerOpen: boolean
  /** Whose load settings are open in a dialog. */
  loadDialogModelId: string | null
}

export const unloaded: LoadState = { state: 'unloaded' }

/** A load that the person cancelled has not failed. */
export function hasFailed(load: LoadState): load is Extract<LoadState, { state: 'failed' }> {
  return load.state === 'failed' && load.failure.code !== 'LOAD_CANCELLED'
}

export const useModels = create<Models>(() => ({
  models: null,
  loads: {},
  problems: [],
  pickerOpen: false,
  loadDialogModelId: null,
}))

function putModels(saved: Model[]) {
  useModels.setState(({ models }) => {
    const next = new Map(models)
    for (const model of saved) next.set(model.id, model)
    return { models: next }
  })
}

function applyEvent(event: ModelEvent) {
  if (event.type === 'models') {
    useModels.setState({ models: new Map(event.models.map((model) => [model.id, model])), loads: event.loads })
  } else if (event.type === 'models-saved') {
    putModels(event.models)
  } else if (event.type === 'load-changed') {
    useModels.setState(({ loads }) => ({ loads: { ...loads, [event.modelId]: event.load } }))
  } else {
    const models = new Map(useModels.getState().models)
    for (const modelId of event.modelIds) models.delete(modelId)
    useModels.setState({ models })
  }
}

export function followModels(signal: AbortSignal): Promise<void> {
  return follow((signal) => client.models.watch(undefined, { signal }), applyEvent, signal)
}

export function setPickerOpen(pickerOpen: boolean): void {
  useModels.setState({ pickerOpen })
}

export function showLoadDialog(loadDialogModelId: string | null): void {
  useModels.setState({ loadDialogModelId })
}

export function addProblem(problem: ModelProblem): void {
  useModels.setState(({ problems }) => ({ problems: [...problems, problem] }))
}

export function clearProblems(): void {
  useModels.setState({ problems: [] })
}

/** What answers in a chat: the chat's own model, else the default, else the one that ships with the app. */
export function modelFor(
  models: ReadonlyMap<string, Model> | null,
  chatModelId: string | null,
  defaultModelId: string | null,
): Model | null {
  if (!models) return null
  const chosen = (chatModelId && models.get(chatModelId)) || (defaultModelId && models.get(defaultModelId))
  return chosen || ([...models.values()].find(({ source }) => source === 'bundled') ?? null)
}

/** Returns when it is ready; see `models.load`. A failure opens the dialog; models loaded before keep working. */
export async function loadModel(
  modelId: string,
  options: { force?: boolean; reload?: boolean; instead?: boolean } = {},
): Promise<void> {
  try {
    await client.models.load({ modelId, ...options })
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code !== 'LOAD_CANCELLED') addProblem({ failure, modelId })
  }
}

export const cancelLoad = (modelId: string) => client.models.cancelLoad({ modelId }).catch(showFailure)
export const unloadModel = (modelId: string) => client.models.unload({ modelId }).catch(showFailure)
export const removeModel = (modelId: string) => client.models.remove({ modelId }).catch(showFailure)
export const revealModel = (modelId: string) => client.models.reveal({ modelId }).catch(showFailure)

/** Adds the file at a path of the host's machine to the list. Rejects as `models.importFile` does. */
export async function importPath(path: string): Promise<Model> {
  const model = await client.models.importFile({ path })
  putModels([model])
  return model
}
