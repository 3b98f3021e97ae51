/**
 * Builds the frames that diagrams are drawn in, each as one HTML file with its script inside: a frame with an origin
 * of its own is sent no cookie, so it could not load a script from the host. The file's own policy names that script
 * by its hash, so no other can run in it; the headers that go with it allow no network (web-ui-files.ts).
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build } from 'vite'
import type { Plugin } from 'vite'

const names = ['mermaid-frame', 'markmap-frame'] as const

/** `folder` has the sources. */
export function diagramFrames(folder: string): Plugin {
  const made = new Map<string, Promise<string>>()
  const page = (name: string) => {
    const html = made.get(name) ?? makePage(folder, name)
    made.set(name, html)
    return html
  }
  return {
    name: 'diagram-frames',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = names.find((name) => request.url?.startsWith(`/${name}.html`))
        if (!name) return next()
        page(name).then((html) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html), next)
      })
    },
    async generateBundle() {
      for (const name of names) this.emitFile({ type: 'asset', fileName: `${name}.html`, source: await page(name) })
    },
  }
}

async function makePage(folder: string, name: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    root: folder,
    build: {
      write: false,
      minify: true,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        input: resolve(folder, `${name}.ts`),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((result) => ('output' in result ? result.output : []))
  const code = outputs.find((output) => output.type === 'chunk')!.code
  // The one sequence that would end the element; in JavaScript it only stands in texts and patterns.
  const script = code.replaceAll('</script', '<\\/script').trim()
  const hash = createHash('sha256').update(script).digest('base64')
  const style = await readFile(resolve(folder, 'frame.css'), 'utf8')
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="script-src 'sha256-${hash}'">
<style>${style}</style>
</head>
<body>
<script>${script}</script>
</body>
</html>
`
}
