/**
 * `npm start`: builds what is out of date and opens the app, in Electron where its binary is there or
 * can be had now, else in a browser's window on the headless host, else by printing the address.
 * `--headless` never opens a window. Options: `--port N` (headless), `--data-dir DIR`.
 */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { defaultDataDirectory } from '../src/core/data-directory.ts'
import { findBrowser } from './find-browser.ts'

const root = resolve(import.meta.dirname, '..')
const electronDirectory = join(root, 'node_modules/electron')
/** Below node_modules, so that a new `npm ci` tries again. */
const failedInstallMark = join(root, 'node_modules/.cache/electron-install-failed')
const electronInstallTimeoutMs = 60_000
/** A window that closes sooner was never one a person used. */
const shortestUseMs = 3_000

const options = readOptions()
const dataDirectory = resolve(options['data-dir'])
const isRoot = process.getuid?.() === 0
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
const sandboxArguments = isRoot && process.platform === 'linux' ? ['--no-sandbox'] : []

const wantsWindow = !options.headless && hasDisplay
await Promise.all([buildIfOutdated(), wantsWindow && electronPath() === null && installElectron()])
const electron = wantsWindow ? electronPath() : null
if (options.headless) runHost()
else if (electron !== null) runElectron(electron)
else await runBrowser()

function readOptions() {
  try {
    return parseArgs({
      options: {
        headless: { type: 'boolean', default: false },
        port: { type: 'string' },
        'data-dir': { type: 'string', default: defaultDataDirectory() },
      },
    }).values
  } catch (error) {
    console.error(`${(error as Error).message}\nnpm start -- [--headless] [--port N] [--data-dir DIR]`)
    process.exit(1)
  }
}

function runElectron(path: string): void {
  const environment = { ...process.env }
  // Set in the terminals of some editors, it would make a plain Node of Electron.
  delete environment['ELECTRON_RUN_AS_NODE']
  const startedAt = Date.now()
  const child = start(path, [...sandboxArguments, root, `--data-dir=${dataDirectory}`], 'inherit', environment)
  const isStopped = passSignalsTo(child)
  child.once('exit', (code, signal) => {
    // Such as a Linux that forbids the sandbox which Chromium insists on.
    const crashedAtStart = signal !== null && !isStopped() && Date.now() - startedAt < shortestUseMs
    if (crashedAtStart) void runBrowser()
    else process.exit(code ?? 1)
  })
}

async function runBrowser(): Promise<void> {
  const browser = hasDisplay ? await findBrowser({ mayInstall: false }) : null
  if (browser === null) {
    say('无法打开窗口，请在浏览器中打开这个地址。', 'No window can be opened here; open this address in a browser.')
    runHost()
    return
  }
  say(`Electron 不可用，改用浏览器窗口：${browser}。`, 'Electron is not available; this is a browser window.')
  const host = runHost((address) => {
    const startedAt = Date.now()
    const profile = `--user-data-dir=${join(dataDirectory, 'browser')}`
    const flags = ['--no-first-run', '--no-default-browser-check', '--disable-features=Translate', '--window-size=1280,800']
    const window = start(browser, [...sandboxArguments, `--app=${address}`, profile, ...flags], 'ignore')
    host.once('exit', () => window.kill())
    window.once('error', () => {})
    window.once('exit', () => {
      if (Date.now() - startedAt > shortestUseMs) host.kill('SIGTERM')
      // It could not start, or handed over to another process of the browser that nobody can follow.
      else say('窗口已关闭；可打开上面的地址，Ctrl+C 结束。', 'The window has gone; open the address above, or end with Ctrl+C.')
    })
  })
}

/** Starts the headless host, which prints its address; this process ends when the host does, with its code. */
function runHost(onAddress?: (address: string) => void): ChildProcess {
  const entry = join(root, 'out/main/headless.js')
  const port = options.port === undefined ? [] : ['--port', options.port]
  const child = start(process.execPath, [entry, '--data-dir', dataDirectory, ...port], ['inherit', 'pipe', 'inherit'])
  passSignalsTo(child)
  createInterface({ input: child.stdout! }).on('line', (line) => {
    console.log(line)
    const address = /http:\S+/.exec(line)?.[0]
    if (address) onAddress?.(address)
  })
  child.once('exit', (code) => process.exit(code ?? 1))
  return child
}

function start(command: string, commandArguments: string[], stdio: StdioOptions, env = process.env): ChildProcess {
  return spawn(command, commandArguments, { cwd: root, stdio, env })
}

/** Returns whether one was passed on. */
function passSignalsTo(child: ChildProcess): () => boolean {
  let isPassed = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isPassed = true
      child.kill(signal)
    })
  }
  return () => isPassed
}

/** null when the binary is not there. Never loads the electron package, which would download it. */
function electronPath(): string | null {
  const pathFile = join(electronDirectory, 'path.txt')
  const path = existsSync(pathFile) ? join(electronDirectory, 'dist', readFileSync(pathFile, 'utf8')) : null
  return path !== null && existsSync(path) ? path : null
}

/** Tries once a day: where the download's host is out of reach, no start but the first pays for it. */
async function installElectron(): Promise<void> {
  const today = new Date().toDateString()
  if (existsSync(failedInstallMark) && readFileSync(failedInstallMark, 'utf8') === today) return
  say('正在下载 Electron，只需一次…', 'Downloading Electron, this once…')
  const child = spawn(process.execPath, [join(electronDirectory, 'install.js')], {
    stdio: 'ignore',
    timeout: electronInstallTimeoutMs,
  })
  const code = await new Promise((ended) => child.once('exit', ended))
  if (code === 0) return
  mkdirSync(dirname(failedInstallMark), { recursive: true })
  writeFileSync(failedInstallMark, today)
}

async function buildIfOutdated(): Promise<void> {
  const outputs = ['main/headless.js', 'preload/index.cjs', 'renderer/index.html'].map((path) => join(root, 'out', path))
  const builtAt = Math.min(...outputs.map((path) => modifiedAt(path)))
  const inputs = ['package.json', 'package-lock.json', 'electron.vite.config.ts', 'src'].map((path) => join(root, path))
  // Folders as well, whose times tell of files that were removed.
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((path) => join(root, 'src', path))
  if ([...inputs, ...sources].every((path) => modifiedAt(path) < builtAt)) return

  say('正在构建…', 'Building…')
  const child = spawn(process.execPath, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const code = await new Promise((ended) => child.once('close', ended))
  if (code === 0) return
  console.error(output)
  process.exit(1)
}

/** 0 for a file that is not there. */
function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** On stderr: stdout carries the address alone. */
function say(chinese: string, english: string): void {
  console.error(`${chinese} ${english}`)
}
