import { formatParameters, formatSize } from '../../shared/texts/format.ts'
import { timeText } from '../time-text.ts'
import type { CommandContext } from '../command-context.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'
import { listModels, type ListedModel } from './find-model.ts'

export async function list(context: CommandContext): Promise<void> {
  const models = await withClient(context, listModels)
  if (context.isJson) return context.printJson(models.map(toJson))
  const { list: texts } = context.texts
  if (models.length === 0) return context.note(texts.none)
  const rows = models.map(({ name, model, load }) => [
    name,
    model.quantization,
    model.type === 'adapter' ? texts.adapter : formatParameters(model.parameterCount),
    formatSize(context.language, model.sizeBytes),
    model.isPresent ? texts.states[load.state] : texts.missing,
    model.lastUsedAt === null ? '' : timeText(model.lastUsedAt),
  ])
  context.print(table([texts.head.split('|'), ...rows], [2, 3]))
}

/** What `show` prints as well. */
export function toJson({ name, model, load }: ListedModel) {
  const { id, name: title, ...rest } = model
  return { name, id, title, ...rest, load }
}
