import { fill } from '../../shared/texts/fill.ts'
import type { HostClient } from '../../server/control/connect-to-host.ts'
import { connectToHost } from '../../server/control/connect-to-host.ts'
import type { CommandContext } from '../command-context.ts'
import { bar, ProgressLine } from '../progress-line.ts'
import { withHost } from '../with-client.ts'
import { findModel } from './find-model.ts'
import { startInBackground } from './background-server.ts'

export interface LoadOptions {
  /** Although it may not fit. */
  force?: boolean
  /** Anew, with the settings as they are now. */
  reload?: boolean
}

/** Models stay loaded in a host only: where there is none, a server is started in the background. */
export async function load(context: CommandContext, name: string, options: LoadOptions): Promise<void> {
  const connection = await connectToHost(context.dataDirectory)
  connection?.close()
  // A command that works by itself ends with its work, and what it has loaded with it.
  if (!connection || connection.host.kind === 'command') await startInBackground(context)
  await withHost(context, (client) => loadModel(context, client, name, options))
}

async function loadModel(context: CommandContext, client: HostClient, name: string, options: LoadOptions): Promise<void> {
  const found = await findModel(client, name)
  const modelId = found.model.id
  const { texts, signal } = context
  const line = new ProgressLine()
  const watching = new AbortController()
  const shown = showProgress()
  try {
    await client.models.load({ modelId, ...options }, { signal })
  } catch (error) {
    if (signal.aborted) await client.models.cancelLoad({ modelId }).catch(() => {})
    throw error
  } finally {
    watching.abort()
    await shown
    line.clear()
  }
  const loaded = await findModel(client, name)
  if (context.isJson) return context.printJson({ name: loaded.name, id: modelId, load: loaded.load })
  context.print(fill(texts.load.done, { name: loaded.name }))

  async function showProgress(): Promise<void> {
    try {
      for await (const event of await client.models.watch(undefined, { signal: watching.signal })) {
        if (event.type !== 'load-changed' || event.modelId !== modelId || event.load.state !== 'loading') continue
        const { fraction } = event.load
        line.update(`${found.name}  ${bar(fraction)}`, Math.floor(fraction * 4))
      }
    } catch {
      // How it goes is beside the point; how it ends is told by `load` itself.
    }
  }
}
