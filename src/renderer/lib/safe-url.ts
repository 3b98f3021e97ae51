const safeProtocols = new Set(['http:', 'https:', 'mailto:'])

/**
 * The address if a click may open it outside, else null. The browser's own parser decides what the
 * protocol is, so no spelling of `javascript:` gets by; a relative address leads nowhere here.
 */
export function safeUrl(address: string): string | null {
  const url = URL.parse(address)
  return url && safeProtocols.has(url.protocol) ? url.href : null
}
