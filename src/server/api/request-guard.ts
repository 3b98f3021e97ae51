/**
 * Keeps web pages out that nobody has let in. Any page in any browser on this machine can send requests to a
 * loopback port: under a name of its own that leads here (DNS rebinding; its Host tells it), from its own
 * origin (its Origin tells it), or as a picture or a link (Sec-Fetch-Site tells it). Programs that are no browsers send
 * none of these but Host. Checked before routing, whatever the method and path.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isEveryAddress, isLoopback } from '../../core/api-server/addresses.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'

/** Throws HOST_REFUSED. `names`: what a person has added; `boundHost`: the address the server listens on. */
export function checkHost(incoming: IncomingMessage, boundHost: string, names: string[]): void {
  const headers = incoming.headersDistinct.host ?? []
  const target = /^https?:\/\//i.test(incoming.url ?? '') ? URL.parse(incoming.url!)?.host ?? '' : null
  // A request that names its server twice may be understood in two ways.
  const hosts = target === null ? headers : [...headers, target]
  const isAllowed = headers.length === 1 && hosts.every((host) => isAllowedName(nameOf(host), boundHost, names))
  if (!isAllowed) throw new AppFailure('HOST_REFUSED', { host: hosts.join(', ') })
}

/** Without its port and the brackets of IPv6, in lower case; empty when malformed. */
function nameOf(host: string): string {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^\s:/?#@[\]\\]+))(?::\d{1,5})?$/i.exec(host)
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase()
}

function isAllowedName(name: string, boundHost: string, names: string[]): boolean {
  if (name === '') return false
  if (isLoopback(name) || name === boundHost.toLowerCase()) return true
  if (names.some((allowed) => allowed.toLowerCase() === name)) return true
  if (isLoopback(boundHost)) return false
  const machine = hostname().toLowerCase()
  if (name === machine || name === `${machine}.local`) return true
  // An address is no name: no server of names can lead it elsewhere.
  return isEveryAddress(boundHost) && isIP(name) !== 0
}

/**
 * The origin that is let in beside the server's own, for the CORS headers; null where there is none.
 * Throws ORIGIN_REFUSED. Call it after `checkHost`.
 */
export function checkOrigin({ headers }: IncomingMessage, allowedOrigins: string[]): string | null {
  const { origin, host } = headers
  const isAnyAllowed = allowedOrigins.includes('*')
  if (origin === undefined) {
    const site = headers['sec-fetch-site']
    // `none`: typed into the address bar.
    const isOwn = site === undefined || site === 'same-origin' || site === 'none'
    if (isOwn || isAnyAllowed) return null
    throw new AppFailure('ORIGIN_REFUSED', { origin: String(site) })
  }
  if (origin === `http://${host?.toLowerCase()}`) return null
  const isAllowed = allowedOrigins.some((allowed) => allowed.replace(/\/$/, '').toLowerCase() === origin)
  if (isAnyAllowed || isAllowed) return origin
  throw new AppFailure('ORIGIN_REFUSED', { origin })
}
