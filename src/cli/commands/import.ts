import { resolve } from 'node:path'
import { fill } from '../../shared/texts/fill.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'
import { listModels } from './find-model.ts'
import { toJson } from './list.ts'

export type ImportWay = 'in-place' | 'move' | 'copy' | 'link'

export async function importModels(context: CommandContext, paths: string[], how: ImportWay): Promise<void> {
  await withClient(context, async (client) => {
    const imported: Model[] = []
    for (const path of paths) {
      context.signal.throwIfAborted()
      imported.push(await client.models.importFile({ path: resolve(path), how }))
    }
    const listed = await listModels(client)
    const added = listed.filter(({ model }) => imported.some(({ id }) => id === model.id))
    if (context.isJson) return context.printJson(added.map(toJson))
    for (const { name, model } of added) context.print(fill(context.texts.import.done, { name, path: model.path }))
  })
}
