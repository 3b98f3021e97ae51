import type { Fit, FitTarget, Machine } from '../../shared/contract/fit.ts'
import { findModelByName } from '../../shared/lib/model-names.ts'
import { fill } from '../../shared/texts/fill.ts'
import { formatNumber, formatSize } from '../../shared/texts/format.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes } from '../command-failure.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'
import { findOffers } from './offers.ts'

export interface EstimateOptions {
  contextSize?: number
  slots?: number
}

/** Ends with `exitCodes.no` where it does not fit. */
export async function estimate(context: CommandContext, name: string, options: EstimateOptions): Promise<void> {
  await withClient(context, async (client) => {
    const { title, target } = await findTarget(client, name, context)
    const [[fit], machine] = await Promise.all([
      client.fit.estimate({ targets: [target], ...(Object.keys(options).length > 0 && { settings: options }) }),
      client.fit.machine(),
    ])
    if (context.isJson) context.printJson({ model: title, fit, machine })
    else if (fit!.verdict !== 'unknown') context.print(report(context, title, fit!, machine))
    if (fit!.verdict === 'unknown') throw new CommandFailure(context.texts.estimate.unknown)
    if (fit!.verdict === 'too-large') throw new CommandFailure('', exitCodes.no)
  })
}

/** A model that is here, else one that can be downloaded: the one that is recommended if no quantization is named. */
async function findTarget(
  client: HostClient,
  name: string,
  { texts }: CommandContext,
): Promise<{ title: string; target: FitTarget }> {
  const model = findModelByName((await client.models.list()).models, name)
  if (model) return { title: model.name, target: { type: 'model', modelId: model.id } }
  const { title, offers, named, recommend } = await findOffers(client, name)
  const offer = named ?? (await recommend()) ?? offers.toSorted((a, b) => a.sizeBytes - b.sizeBytes)[0]
  if (!offer) throw new CommandFailure(fill(texts.pull.noneFits, { title }))
  return { title: offer.reference, target: offer.fitTarget }
}

function report({ language, texts: { estimate: texts } }: CommandContext, title: string, fit: Fit, machine: Machine): string {
  const size = (bytes: number) => formatSize(language, bytes)
  const optional = (label: string, bytes: number) => (bytes > 0 ? [[label, size(bytes)]] : [])
  const rows = [
    [texts.weights, size(fit.weightsBytes)],
    [fill(texts.cache, { tokens: formatNumber(language, fit.contextSize) }), size(fit.kvCacheBytes)],
    [texts.buffers, size(fit.buffersBytes)],
    ...optional(texts.draft, fit.draftBytes),
    ...optional(texts.adapters, fit.adaptersBytes),
    [texts.total, size(fit.totalBytes)],
    ...optional(texts.onGpu, fit.gpuBytes),
    ...optional(texts.measured, fit.measuredBytes ?? 0),
    [texts.freeRam, `${size(machine.freeRamBytes)} / ${size(machine.ramBytes)}`],
    ...(machine.gpuBytes > 0 ? [[texts.freeGpu, `${size(machine.freeGpuBytes)} / ${size(machine.gpuBytes)}`]] : []),
  ]
  const speed = fit.expectedTokensPerSecond
  const verdict = [
    texts.verdicts[fit.verdict],
    fit.isTight && fit.verdict !== 'too-large' ? texts.tight : '',
    speed === null ? '' : fill(texts.speed, { rate: formatNumber(language, speed, speed < 10 ? 1 : 0) }),
  ]
  return `${title}\n${table(rows, [1])}\n${verdict.join('')}`
}
