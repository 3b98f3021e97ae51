/**
 * The Electron host: fills core's ports, opens the one window and carries the contract to it over a
 * MessagePort. What must precede `ready` (the scheme, the folders, the lock, listeners for files the
 * system hands over) runs while this module loads; nothing here awaits `ready` at top level, which
 * would hang an ES module.
 */
import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { app, dialog, shell, type BrowserWindow } from 'electron'
import packageJson from '../../package.json' with { type: 'json' }
import { type Core, createCore } from '../core/create-core.ts'
import { defaultDataDirectory } from '../core/data-directory.ts'
import { DatabaseUnusableError } from '../core/database/database-error.ts'
import { openLog } from '../core/log.ts'
import { type Control, startControl } from '../server/control/start-control.ts'
import { openApiServer } from '../server/api/open-api-server.ts'
import { appOrigin } from './app-request.ts'
import { registerAppScheme, serveAppScheme } from './app-scheme.ts'
import { setApplicationMenu } from './application-menu.ts'
import { installGuards } from './guards.ts'
import { openMainWindow } from './main-window.ts'
import { modelFilesIn } from './model-files.ts'
import { serveRouter } from './rpc-port.ts'
import { utilityEngineStarter } from './utility-engine-starter.ts'

type Client = RouterClient<Core['router']>

/** Core itself takes 10 s at most. */
const closeTimeoutMs = 12_000
/** `out/main`, in development and inside the packaged archive. */
const here = import.meta.dirname
const resources = app.isPackaged ? process.resourcesPath : join(here, '../../resources')
const devServerUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
const origin = devServerUrl ? new URL(devServerUrl).origin : appOrigin

const dataDirectory = resolve(app.commandLine.getSwitchValue('data-dir') || defaultDataDirectory())
const userDataDirectory = join(dataDirectory, 'electron')
// Electron takes only a folder that is there.
mkdirSync(userDataDirectory, { recursive: true })
app.setPath('userData', userDataDirectory)
app.enableSandbox()
registerAppScheme()

let window: BrowserWindow | null = null
let client: Client | null = null
/** Handed over before core was there. */
const waitingModelFiles: string[] = []

/** What one instance tells the other: Chromium reorders and extends the arguments it passes on itself. */
interface Launch {
  modelFiles: string[]
}
const launch: Launch = { modelFiles: modelFilesIn(process.argv.slice(1), process.cwd()) }

if (app.requestSingleInstanceLock(launch)) {
  app.on('second-instance', (_event, _argv, _workingDirectory, additionalData) => {
    showWindow()
    for (const path of (additionalData as Launch).modelFiles) takeModelFile(path)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    takeModelFile(path)
  })
  launch.modelFiles.forEach(takeModelFile)
  app.whenReady().then(start).catch(fail)
} else {
  app.quit()
}

async function start(): Promise<void> {
  const log = openLog(join(dataDirectory, 'logs'))
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', { error: String(error) }))
  process.on('uncaughtException', (error) => {
    log.error('Uncaught exception', { error: error.stack })
    fail(error)
  })

  const core = await createCore({
    dataDirectory,
    modelsDirectory: join(dataDirectory, 'models'),
    catalogDirectory: join(resources, 'catalog'),
    bundledModelPath: join(resources, 'demo-model/yangtuo-demo.gguf'),
    versions: {
      app: app.getVersion(),
      node: process.versions.node,
      electron: process.versions.electron,
      nodeLlamaCpp: packageJson.dependencies['node-llama-cpp'],
    },
    downloadWorkerPath: join(here, 'download-worker.js'),
    interchangeWorkerPath: join(here, 'interchange-worker.js'),
    startEngine: utilityEngineStarter(join(here, 'engine.js'), log),
    log,
    apiServer: { open: openApiServer },
    capabilities: { fileDialog: true, revealFile: true, trash: true, uploadUrl: null },
    openModelDialog,
    openFolderDialog,
    trashFile: (path) => shell.trashItem(path),
    revealFile: async (path) => shell.showItemInFolder(path),
  })
  closeBeforeQuit(core, await startControl({ dataDirectory, router: core.router, kind: 'app', log }))

  serveAppScheme(join(here, '../renderer'))
  installGuards(origin)
  serveRouter(core.router, () => window?.webContents, origin)
  showWindow()

  client = createRouterClient(core.router)
  waitingModelFiles.splice(0).forEach(takeModelFile)
  app.on('activate', showWindow)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  void keepMenuLanguage(client)
}

function showWindow(): void {
  if (!app.isReady()) return
  if (window) {
    if (window.isMinimized()) window.restore()
    window.focus()
    return
  }
  window = openMainWindow({
    url: devServerUrl ?? `${appOrigin}/`,
    preloadPath: join(here, '../preload/index.cjs'),
    statePath: join(userDataDirectory, 'window-state.json'),
  })
  window.on('closed', () => (window = null))
}

let lastDialogFolder: string | undefined

async function openModelDialog(): Promise<string | null> {
  const options: Electron.OpenDialogOptions = {
    ...(lastDialogFolder !== undefined && { defaultPath: lastDialogFolder }),
    properties: ['openFile'],
    filters: [{ name: 'GGUF', extensions: ['gguf'] }],
  }
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  const path = filePaths[0] ?? null
  if (path !== null) lastDialogFolder = dirname(path)
  return path
}

async function openFolderDialog(): Promise<string | null> {
  const options: Electron.OpenDialogOptions = { properties: ['openDirectory', 'createDirectory'] }
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  return filePaths[0] ?? null
}

/** Imports and loads it, as dropping it on the window does; the window shows how the loading goes. */
function takeModelFile(path: string): void {
  if (client === null) waitingModelFiles.push(path)
  else void importAndLoad(client, path)
}

async function importAndLoad({ models }: Client, path: string): Promise<void> {
  let modelId: string
  try {
    modelId = (await models.importFile({ path })).id
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'INTERNAL'
    dialog.showErrorBox('羊驼 Yangtuo', `不能打开这个模型文件（${code}）。\nThis model file cannot be opened (${code}).\n\n${path}`)
    return
  }
  // A failure is part of the model's load state, which the window shows.
  await models.load({ modelId }).catch(() => {})
}

async function keepMenuLanguage({ settings }: Client): Promise<void> {
  for await (const { language } of await settings.watch()) {
    const system = app.getPreferredSystemLanguages()[0]?.startsWith('zh') ? 'zh' : 'en'
    setApplicationMenu(language === 'system' ? system : language)
  }
}

/** Running answers are saved and engines ended before the process goes; meanwhile `before-quit` may come again. */
function closeBeforeQuit(core: Core, control: Control): void {
  let isClosing = false
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (isClosing) return
    isClosing = true
    // First the window, so that it remembers its place and makes no more calls.
    window?.close()
    setTimeout(() => app.exit(1), closeTimeoutMs)
    control.close().then(() => core.close()).then(() => app.exit(0), fail)
  })
}

function fail(error: unknown): void {
  const text = error instanceof DatabaseUnusableError ? error.message : String(error)
  dialog.showErrorBox('羊驼 Yangtuo', text)
  app.exit(1)
}
