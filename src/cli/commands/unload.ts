import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes } from '../command-failure.ts'
import { fill } from '../../shared/texts/fill.ts'
import { withHost } from '../with-client.ts'
import { findModel, listModels } from './find-model.ts'

/** Without a host nothing is loaded, and nothing is to be done. */
export async function unload(context: CommandContext, name: string | undefined, all: boolean): Promise<void> {
  if ((name === undefined) !== all) throw new CommandFailure(context.texts.unload.which, exitCodes.wrongUse)
  const unloaded = await withHost(context, async (client) => {
    const chosen = name === undefined ? await listModels(client) : [await findModel(client, name)]
    const loaded = chosen.filter(({ load }) => load.state === 'ready' || load.state === 'loading')
    for (const { model } of loaded) await client.models.unload({ modelId: model.id })
    return loaded
  })
  const names = unloaded?.map((one) => one.name) ?? []
  if (context.isJson) return context.printJson({ unloaded: names })
  if (names.length === 0) context.note(context.texts.unload.none)
  for (const one of names) context.print(fill(context.texts.unload.done, { name: one }))
}
