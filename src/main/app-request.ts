import { readFile } from 'node:fs/promises'
import { resolveWebUiFile, webUiHeaders } from '../server/web-ui/web-ui-files.ts'
import { isSameOrigin } from './window-origin.ts'

export const appOrigin = 'app://yangtuo'

/** Answers the window's requests for its own files, and nothing else, out of the built renderer's folder. */
export async function answerAppRequest(request: Request, directory: string): Promise<Response> {
  if (request.method !== 'GET' || !isSameOrigin(request.url, appOrigin)) return new Response(null, { status: 403 })
  const path = resolveWebUiFile(directory, new URL(request.url).pathname)
  const content = path && (await readFile(path).catch(() => null))
  if (!path || !content) return new Response(null, { status: 404 })
  return new Response(content, { headers: webUiHeaders(path) })
}
