/** Fills core's ports in plain Node, for the host of a browser's window and for the command line. */
import { dirname, join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import type { ApiServerOverrides } from '../core/api-server/api-services.ts'
import type { OpenApiServer } from '../core/api-server/api-services.ts'
import { type Core, createCore } from '../core/create-core.ts'
import { nodeEngineStarter } from '../core/engine/node-engine-starter.ts'
import { canMoveToTrash, moveToTrash } from '../core/models/trash-files.ts'
import type { CorePorts, Log } from '../core/ports.ts'

export interface HeadlessCoreOptions extends Pick<CorePorts, 'startsWork' | 'loadsAtStart' | 'settingsOverrides'> {
  dataDirectory: string
  /** Of the process: `out/main/….js`, or `src/<folder>/index.ts` where it runs unbuilt. The rest is found from here. */
  entryPath: string
  log: Log
  /** Where a browser can send a file; null without such a window. */
  uploadUrl: string | null
  /** What counts for the HTTP server instead of the settings. */
  apiServer?: ApiServerOverrides
}

/** Imported when it is needed: most commands serve nobody. */
const openApiServer: OpenApiServer = async (...input) =>
  (await import('../server/api/open-api-server.ts')).openApiServer(...input)

/** Rejects as `createCore` does. */
export function createHeadlessCore(options: HeadlessCoreOptions): Promise<Core> {
  const { dataDirectory, entryPath, log, uploadUrl, apiServer: overrides, ...more } = options
  const files = headlessFiles(entryPath)
  const ports: CorePorts = {
    dataDirectory,
    modelsDirectory: join(dataDirectory, 'models'),
    catalogDirectory: join(files.resources, 'catalog'),
    bundledModelPath: join(files.resources, 'demo-model/yangtuo-demo.gguf'),
    versions: {
      app: packageJson.version,
      node: process.versions.node,
      electron: null,
      nodeLlamaCpp: packageJson.dependencies['node-llama-cpp'],
    },
    downloadWorkerPath: files.downloadWorker,
    interchangeWorkerPath: files.interchangeWorker,
    startEngine: nodeEngineStarter(files.engine, log),
    log,
    apiServer: { open: openApiServer, ...(overrides && { overrides }) },
    capabilities: { fileDialog: false, revealFile: false, trash: canMoveToTrash, uploadUrl },
    ...(canMoveToTrash && { trashFile: moveToTrash }),
    ...more,
  }
  return createCore(ports)
}

/** Where the files lie that a headless process works with. */
export function headlessFiles(entryPath: string) {
  const here = dirname(entryPath)
  const isBuilt = entryPath.endsWith('.js')
  const file = (name: string, source: string) => join(here, isBuilt ? `${name}.js` : `../${source}.ts`)
  // Of the installed desktop app, they lie beside the archive that the code is in.
  const archive = /^(.+)[\\/]app\.asar[\\/]/.exec(entryPath)
  return {
    resources: archive ? archive[1]! : join(here, '../../resources'),
    /** The built window. */
    renderer: join(here, isBuilt ? '../renderer' : '../../out/renderer'),
    engine: file('engine', 'engine/index'),
    downloadWorker: file('download-worker', 'core/downloads/download-worker'),
    interchangeWorker: file('interchange-worker', 'core/interchange/interchange-worker'),
  }
}
