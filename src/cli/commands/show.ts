import { formatNumber, formatParameters, formatSize } from '../../shared/texts/format.ts'
import { timeText } from '../time-text.ts'
import type { CommandContext } from '../command-context.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'
import { findModel, type ListedModel } from './find-model.ts'
import { toJson } from './list.ts'

export interface ShowOptions {
  /** The file's chat template, and nothing else. */
  template?: boolean
  /** Everything the file says of itself. */
  metadata?: boolean
}

export async function show(context: CommandContext, name: string, options: ShowOptions): Promise<void> {
  await withClient(context, async (client) => {
    const found = await findModel(client, name)
    const needsFile = Boolean(options.template || options.metadata)
    const details = needsFile ? await client.models.details({ modelId: found.model.id }) : null
    if (context.isJson) return context.printJson({ ...toJson(found), ...(details && { details }) })
    if (options.template) return context.print(details!.chatTemplate ?? context.texts.show.noTemplate)
    context.print(table(facts(context, found)))
    if (details) context.print(`\n${table(details.metadata.map(({ key, type, value }) => [key, type, oneLine(value)]))}`)
  })
}

function facts({ language, texts: { show: texts, list } }: CommandContext, { name, model, load }: ListedModel): string[][] {
  const overrides = Object.entries(model.loadOverrides).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  const rows: [string, string | null][] = [
    [texts.name, name],
    [texts.title, model.name],
    [texts.state, (model.isPresent ? list.states[load.state] : list.missing) || null],
    [texts.kind, model.type === 'adapter' ? list.adapter : texts.kinds[model.kind]],
    [texts.architecture, model.architecture],
    [texts.parameters, formatParameters(model.parameterCount)],
    [texts.quantization, model.quantization],
    [texts.size, formatSize(language, model.sizeBytes)],
    [texts.context, formatNumber(language, model.trainContextSize)],
    [texts.repository, model.repository],
    [texts.path, model.path],
    [texts.hash, model.sha256],
    [texts.doctor, model.doctor && texts.grades[model.doctor]],
    [texts.used, model.lastUsedAt === null ? null : timeText(model.lastUsedAt)],
    [texts.overrides, overrides.join(', ') || null],
  ]
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, value]]))
}

/** Templates and licences are shown by their beginning. */
function oneLine(value: string): string {
  const line = value.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 100)}…` : line
}
