/**
 * Which pages are ours. Origins are compared field by field after parsing, because a prefix such as
 * `app://yangtuo` also begins `app://yangtuo.evil`, and a custom scheme has no `URL.origin` in Node.
 */

/** The part of Electron's WebFrameMain that the check needs. */
interface Frame {
  readonly url: string
  readonly parent: unknown
}

export function isSameOrigin(url: string, origin: string): boolean {
  const [a, b] = [URL.parse(url), URL.parse(origin)]
  return a !== null && b !== null && a.protocol === b.protocol && a.host === b.host
}

/** Whether `sender` (null when the frame has gone meanwhile) is a main frame on our origin; embedded ones are refused. */
export function isOwnMainFrame(sender: Frame | null, origin: string): boolean {
  return sender !== null && sender.parent === null && isSameOrigin(sender.url, origin)
}

/** The address to hand to the system's browser, or null for anything but http and https. */
export function externalUrl(text: string): string | null {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null
}
