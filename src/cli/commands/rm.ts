import { fill } from '../../shared/texts/fill.ts'
import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'
import { findModel } from './find-model.ts'

/** Its files go to the system's trash, unless they are to stay where they are. */
export async function rm(context: CommandContext, names: string[], options: { keepFiles?: boolean }): Promise<void> {
  await withClient(context, async (client) => {
    // All are looked up first: a misspelt name removes nothing.
    const found = [...new Map(await Promise.all(names.map(async (name) => {
      const one = await findModel(client, name)
      return [one.model.id, one] as const
    }))).values()]
    const { rm: texts } = context.texts
    for (const { name, model } of found) {
      const modelId = model.id
      if (options.keepFiles) await client.models.remove({ modelId })
      else await client.models.trash({ modelId })
      if (!context.isJson) context.print(fill(options.keepFiles ? texts.removed : texts.trashed, { name }))
    }
    if (context.isJson) context.printJson({ removed: found.map(({ name }) => name) })
  })
}
