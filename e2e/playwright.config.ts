import { defineConfig } from '@playwright/test'
import { findBrowser } from '../build/find-browser.ts'

const browser = await findBrowser({ mayInstall: true })
if (browser === null) throw new Error('No browser found. Install Chrome or Chromium, or run `npx playwright install chromium`.')

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  // Two engines that decode at once on a small machine slow each other down beyond use.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  outputDir: '../test-results',
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    colorScheme: 'light',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: browser,
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
})
