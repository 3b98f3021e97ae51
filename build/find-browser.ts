/**
 * Finds a Chromium-based browser: for the app's window where Electron is missing, and for the e2e
 * tests. Tests want the one that belongs to their Playwright; a start does not, and must not wait
 * the 300 ms that loading Playwright takes.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The path of a browser's executable, or null.
 * `mayInstall`: prefer Playwright's own, and as root on Debian install Chromium when there is none.
 */
export async function findBrowser({ mayInstall }: { mayInstall: boolean }): Promise<string | null> {
  const found = mayInstall ? ((await playwrightBrowser()) ?? installedBrowser()) : installedBrowser()
  if (found !== null || !mayInstall) return found
  installDebianChromium()
  return installedBrowser()
}

async function playwrightBrowser(): Promise<string | null> {
  const { chromium } = await import('@playwright/test')
  const path = chromium.executablePath()
  return existsSync(path) ? path : null
}

function installedBrowser(): string | null {
  return candidates().find((path) => existsSync(path)) ?? null
}

function candidates(): string[] {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  }
  if (process.platform === 'win32') {
    const roots = ['LOCALAPPDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)'].flatMap((name) => process.env[name] ?? [])
    const browsers = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']
    return browsers.flatMap((browser) => roots.map((root) => join(root, browser)))
  }
  const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable']
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function installDebianChromium(): void {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  console.error('No browser found; installing Chromium with apt-get.')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of [['update', '-q'], ['install', '-qy', '--no-install-recommends', 'chromium']]) {
    const { status } = spawnSync('apt-get', command, { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
    if (status !== 0) console.error(`apt-get ${command[0]} ended with ${status}.`)
  }
}
