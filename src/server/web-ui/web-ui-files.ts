/**
 * Which file of the built renderer a request means, and the headers that go with it. Used by the
 * HTTP server and by Electron's app:// scheme, so that both windows run under the same rules.
 * Invariant: no path from outside names a file beyond the renderer's folder.
 */
import { extname, isAbsolute, join, relative, sep } from 'node:path'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
}

/**
 * The file for a URL's path, still percent-encoded; null when it leaves the folder, is not well
 * formed, or is of a kind the renderer does not have.
 */
export function resolveWebUiFile(directory: string, urlPath: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (/[\0\\:]/.test(decoded)) return null
  const path = join(directory, decoded === '/' ? 'index.html' : decoded)
  const inside = relative(directory, path)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null
  return extname(path) in contentTypes ? path : null
}

/** `connectSource` is added to `connect-src`: not every browser takes 'self' to mean the WebSocket's origin too. */
export function webUiHeaders(path: string, connectSource = ''): Record<string, string> {
  return {
    'content-type': contentTypes[extname(path)] ?? 'application/octet-stream',
    // Vite puts a hash of the content into the name of everything below assets/.
    'cache-control': path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(path.endsWith('-frame.html') ? frameHeaders : protectiveHeaders(connectSource)),
  }
}

/**
 * Of the frames that draw diagrams out of untrusted text: an origin of their own even when opened by themselves, no
 * network, and of the scripts only the one that the file names by its hash.
 */
const frameHeaders = {
  'content-security-policy': [
    'sandbox allow-scripts',
    "default-src 'none'",
    "script-src 'unsafe-inline'",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; '),
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

export function protectiveHeaders(connectSource = ''): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      `connect-src 'self' ${connectSource}`.trim(),
      "base-uri 'none'",
      "form-action 'none'",
      // Diagrams; every other file here refuses to be framed.
      "frame-src 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
