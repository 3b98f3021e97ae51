import { protocol } from 'electron'
import { answerAppRequest, appOrigin } from './app-request.ts'

const scheme = new URL(appOrigin).protocol.replace(':', '')

/** Must run before `ready`, in the static import graph. No `bypassCSP`: the page is held to the policy it is sent. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** After `ready`. `directory` holds the built renderer. */
export function serveAppScheme(directory: string): void {
  protocol.handle(scheme, (request) => answerAppRequest(request, directory))
}
