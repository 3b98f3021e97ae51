import { formatDuration, formatNumber, formatSize } from '../../shared/texts/format.ts'
import type { CommandContext } from '../command-context.ts'
import { bar } from '../progress-line.ts'
import { table } from '../table.ts'
import { withHost } from '../with-client.ts'
import { listModels, type ListedModel } from './find-model.ts'
import { toJson } from './list.ts'

/** What is loaded. Without a host, that is nothing. */
export async function ps(context: CommandContext): Promise<void> {
  const models = (await withHost(context, listModels)) ?? []
  const loaded = models.filter(({ load }) => load.state === 'ready' || load.state === 'loading')
  if (context.isJson) return context.printJson(loaded.map(toJson))
  const { ps: texts } = context.texts
  if (loaded.length === 0) return context.note(texts.none)
  context.print(table([texts.head.split('|'), ...loaded.map((one) => row(context, one))], [1, 3, 4]))
}

function row({ language, texts: { ps: texts } }: CommandContext, { name, load }: ListedModel): string[] {
  if (load.state === 'loading') return [name, '', texts.loading, '', '', bar(load.fraction)]
  if (load.state !== 'ready') return [name]
  const { runtime, unloadsAt, loadedBy } = load
  const left = unloadsAt === null ? texts.stays : formatDuration(language, Math.max(0, unloadsAt - Date.now()) / 1000)
  return [
    name,
    formatSize(language, runtime.memoryBytes),
    [runtime.gpu, ...runtime.deviceNames].join(' '),
    formatNumber(language, runtime.contextSize),
    String(runtime.slots),
    texts.by[loadedBy],
    left,
  ]
}
