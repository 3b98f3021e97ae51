/**
 * Who may talk to the web UI's server. Any page in any browser on this machine can send requests to
 * a loopback port, under a name of its own choosing (DNS rebinding), and other people may be logged
 * in. So every request needs an allowed Host; what is not a plain GET also our own Origin; and
 * everything the secret of this session, as a cookie that scripts and other sites cannot use.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isSameSecret } from '../same-secret.ts'

export interface Session {
  /** What a person opens: it carries the token. */
  readonly address: string
  /** Of the Set-Cookie header that answers a right token. */
  readonly cookie: string
  isHostAllowed(request: IncomingMessage): boolean
  /** Host and Origin are the same place of ours. A request without Origin is not from a page, and refused. */
  isOriginAllowed(request: IncomingMessage): boolean
  isToken(candidate: string): boolean
  hasCookie(request: IncomingMessage): boolean
}

export function createSession(port: number): Session {
  const token = randomBytes(32).toString('base64url')
  // Cookies do not tell ports apart, so two hosts on one machine need two names.
  const cookieName = `yangtuo-${port}`
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => new URL(`http://${name}:${port}`).host)
  const isHostAllowed = ({ headers }: IncomingMessage) => hosts.includes((headers.host ?? '').toLowerCase())
  const isToken = (candidate: string) => isSameSecret(candidate, token)
  return {
    address: `http://${hosts[0]}/?token=${token}`,
    cookie: `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`,
    isHostAllowed,
    isOriginAllowed: (request) =>
      isHostAllowed(request) && request.headers.origin === `http://${request.headers.host?.toLowerCase()}`,
    isToken,
    hasCookie: ({ headers }) =>
      (headers.cookie ?? '').split(';').some((pair) => {
        const [name, value] = pair.trim().split('=', 2)
        return name === cookieName && isToken(value ?? '')
      }),
  }
}
