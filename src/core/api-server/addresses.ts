import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Reachable from this machine only. `localhost` and what ends with it lead here in every browser. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return /^(.+\.)?localhost$/.test(name) || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}

/** Listening there is listening on all addresses of the machine. */
export function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** Where a server that listens on `host` can be reached, the loopback first. */
export function urlsOf(host: string, port: number): string[] {
  const hosts = isEveryAddress(host) ? ['127.0.0.1', ...outerAddresses()] : [host]
  return hosts.map((one) => `http://${isIP(one) === 6 ? `[${one}]` : one}:${port}`)
}

/** Of IPv4, which people type. */
function outerAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
}
