/** Downloads a model. What has come is kept: the next `pull` of the same goes on where this one was. */
import { createInterface } from 'node:readline/promises'
import type { Download } from '../../shared/contract/downloads.ts'
import { failureSentence } from '../../shared/texts/failure-sentence.ts'
import { fill } from '../../shared/texts/fill.ts'
import { formatDuration, formatSize } from '../../shared/texts/format.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes } from '../command-failure.ts'
import { bar, ProgressLine } from '../progress-line.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'
import { listModels } from './find-model.ts'
import { findOffers, type Offer, type Offers } from './offers.ts'

export interface PullOptions {
  /** Take the recommended quantization without asking. */
  yes?: boolean
}

export async function pull(context: CommandContext, reference: string, options: PullOptions): Promise<void> {
  await withClient(context, async (client) => {
    const offers = await findOffers(client, reference)
    const offer = offers.named ?? (offers.offers.length === 1 ? offers.offers[0]! : await choose(context, offers, options))
    const download = await follow(context, client, await offer.start(), offer)
    const name = (await listModels(client)).find(({ model }) => model.id === download.modelId)?.name
    if (context.isJson) context.printJson({ name: name ?? null, download })
    if (download.failure) throw new CommandFailure(failureSentence(context.language, download.failure))
    if (!context.isJson) context.print(fill(context.texts.pull.done, { name: name ?? download.name }))
  })
}

async function choose(context: CommandContext, { title, offers, recommend }: Offers, options: PullOptions): Promise<Offer> {
  const { language, texts } = context
  const recommended = await recommend()
  if (options.yes) {
    if (recommended) return recommended
    throw new CommandFailure(fill(texts.pull.noneFits, { title }))
  }
  const rows = offers.map((offer) => [
    offer.quantization || '-',
    formatSize(language, offer.sizeBytes),
    offer.fileName,
    offer === recommended ? texts.pull.recommended : '',
  ])
  context.note(fill(texts.pull.choices, { title }))
  context.note(table(rows, [1]))
  const suggested = recommended ?? offers[0]!
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CommandFailure(fill(texts.pull.nameOne, { reference: suggested.reference }), exitCodes.wrongUse)
  }
  const wanted = await ask(context, fill(texts.pull.which, { quantization: suggested.quantization }))
  if (wanted === '') return suggested
  const found = offers.find(({ quantization, fileName }) =>
    [quantization, fileName].some((name) => name.toLowerCase() === wanted.toLowerCase()),
  )
  if (!found) throw new CommandFailure(fill(texts.pull.noSuch, { wanted }), exitCodes.wrongUse)
  return found
}

async function ask({ signal }: CommandContext, question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    // Readline takes Ctrl-C for itself.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    return (await lines.question(question, { signal })).trim()
  } finally {
    lines.close()
  }
}

/** Until it is complete. Ctrl-C pauses it. Throws where it fails, or somebody else pauses or removes it. */
async function follow(context: CommandContext, client: HostClient, started: Download, offer: Offer): Promise<Download> {
  const { language, signal, texts } = context
  const { pull } = texts
  const line = new ProgressLine()
  let last = started
  try {
    for await (const event of await client.downloads.watch(undefined, { signal })) {
      if (event.type === 'download-removed' && event.downloadId === started.id) throw new CommandFailure(pull.removed)
      const download =
        event.type === 'downloads'
          ? event.downloads.find(({ id }) => id === started.id)
          : event.type === 'download-saved' && event.download.id === started.id
            ? event.download
            : undefined
      if (!download) continue
      last = download
      if (download.state === 'complete') return download
      if (download.state === 'failed') throw new CommandFailure(failureSentence(language, download.failure!))
      if (download.state === 'paused') throw new CommandFailure(fill(pull.pausedElsewhere, { reference: offer.reference }))
      line.update(progressText(context, download), `${download.state} ${stageOf(download)}`)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    line.clear()
  }
  await client.downloads.pause({ downloadId: started.id }).catch(() => {})
  const received = formatSize(language, last.receivedBytes)
  context.note(fill(pull.paused, { received, reference: offer.reference }))
  throw signal.reason
}

function progressText({ language, texts: { pull } }: CommandContext, download: Download): string {
  const { name, state, receivedBytes, sizeBytes, bytesPerSecond, secondsLeft, failure } = download
  const sizes = `${formatSize(language, receivedBytes)} / ${formatSize(language, sizeBytes)}`
  const parts = [name, bar(receivedBytes / sizeBytes), sizes]
  if (bytesPerSecond !== null) parts.push(`${formatSize(language, bytesPerSecond)}/s`)
  if (secondsLeft !== null) parts.push(fill(pull.left, { time: formatDuration(language, secondsLeft) }))
  if (state !== 'downloading') parts.push(pull.states[state])
  if (failure) parts.push(failureSentence(language, failure))
  return parts.join('  ')
}

/** Tenths. */
function stageOf({ receivedBytes, sizeBytes }: Download): number {
  return Math.floor((receivedBytes / sizeBytes) * 10)
}
