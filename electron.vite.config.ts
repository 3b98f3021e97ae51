import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { diagramFrames } from './build/diagram-frames.ts'

const source = (path: string) => resolve(import.meta.dirname, 'src', path)

export default defineConfig({
  // From one block: Electron's main, the headless host, the command line, and what they start: engine processes, threads.
  main: {
    build: {
      rolldownOptions: {
        input: {
          index: source('main/index.ts'),
          headless: source('headless/index.ts'),
          cli: source('cli/index.ts'),
          engine: source('engine/index.ts'),
          'download-worker': source('core/downloads/download-worker.ts'),
          'interchange-worker': source('core/interchange/interchange-worker.ts'),
        },
      },
    },
  },
  // A sandboxed window loads only CommonJS that requires nothing but `electron`.
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: source('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    plugins: [react(), tailwindcss(), diagramFrames(source('renderer/frames'))],
    build: {
      minify: true,
      // The Content-Security-Policy lets no font or picture in as a data: address.
      assetsInlineLimit: 0,
      rolldownOptions: { input: source('renderer/index.html') },
    },
  },
})
