import type { Report } from '../../shared/contract/doctor.ts'
import { fill } from '../../shared/texts/fill.ts'
import { findingSentence } from '../../shared/texts/finding-sentence.ts'
import { formatSize } from '../../shared/texts/format.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes } from '../command-failure.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'
import { findModel, listModels } from './find-model.ts'

/** Of one model what was found; of all, the machine and each model's grade. Ends with `exitCodes.no` at a problem. */
export async function doctor(context: CommandContext, name: string | undefined, options: { probe?: boolean }): Promise<void> {
  if (name === undefined && options.probe) throw new CommandFailure(context.texts.doctor.probeWhich, exitCodes.wrongUse)
  const hasProblem = await withClient(context, (client) =>
    name === undefined ? examineAll(context, client) : examineOne(context, client, name, Boolean(options.probe)),
  )
  if (hasProblem) throw new CommandFailure('', exitCodes.no)
}

async function examineOne(context: CommandContext, client: HostClient, name: string, probe: boolean): Promise<boolean> {
  const found = await findModel(client, name)
  const report = await client.doctor.examine({ modelId: found.model.id, probe }, { signal: context.signal })
  const { language, texts } = context
  if (context.isJson) context.printJson({ name: found.name, ...report })
  else {
    const rows = report.findings.map((finding) => [texts.doctor.grades[finding.grade], findingSentence(language, finding)])
    context.print(`${found.name}\n${table(rows)}`)
    for (const { prompt, answer } of report.probe ?? []) context.print(`\n> ${prompt}\n${answer}`)
  }
  return hasProblem(report)
}

async function examineAll(context: CommandContext, client: HostClient): Promise<boolean> {
  const [info, machine, models] = await Promise.all([client.app.info(), client.fit.machine(), listModels(client)])
  const judged = models.filter(({ model }) => model.type === 'model')
  if (context.isJson) {
    const grades = judged.map(({ name, model }) => ({ name, id: model.id, doctor: model.doctor, isPresent: model.isPresent }))
    context.printJson({ info, machine, models: grades })
  } else {
    const { language, texts: { doctor: texts, list } } = context
    const size = (bytes: number) => formatSize(language, bytes)
    const gpus = machine.gpuNames.join(', ')
    const rows = [
      [texts.app, `${info.version} (Node ${info.versions.node}, node-llama-cpp ${info.versions.nodeLlamaCpp})`],
      [texts.system, `${info.platform} ${info.arch}`],
      [texts.cores, String(info.cores)],
      [texts.memory, fill(texts.freeOf, { free: size(machine.freeRamBytes), all: size(machine.ramBytes) })],
      [texts.graphics, gpus === '' ? texts.noGraphics : `${gpus}, ${fill(texts.freeOf, { free: size(machine.freeGpuBytes), all: size(machine.gpuBytes) })}`],
      [texts.speed, machine.memoryBytesPerSecond === null ? texts.notMeasured : `${size(machine.memoryBytesPerSecond)}/s`],
      [texts.data, info.dataDirectory],
    ]
    context.print(table(rows))
    if (judged.length > 0) context.print('')
    context.print(
      table(
        judged.map(({ name, model }) => [
          !model.isPresent ? list.missing : texts.grades[model.doctor ?? 'unknown'],
          name,
        ]),
      ),
    )
  }
  return judged.some(({ model }) => model.doctor === 'problem' || !model.isPresent)
}

function hasProblem({ findings }: Report): boolean {
  return findings.some(({ grade }) => grade === 'problem')
}
