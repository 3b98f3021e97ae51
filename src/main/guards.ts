/**
 * What no page may do, ours included: leave its origin, open windows, embed other pages, or be given
 * a permission but that of the copy buttons. Model output ends up in the page, so it is treated as
 * if it could be made to try.
 */
import { app, session, shell } from 'electron'
import { externalUrl, isSameOrigin } from './window-origin.ts'

/** After `ready`, before the first window. `origin` is that of our own page. */
export function installGuards(origin: string): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url)
      return { action: 'deny' }
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.on('will-navigate', (event) => {
      if (!isSameOrigin(event.url, origin)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!isSameOrigin(event.url, origin)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!isSameOrigin(event.url, origin)) event.preventDefault()
    })
  })

  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === 'clipboard-sanitized-write' && isSameOrigin(contents.getURL(), origin))
  })
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin) =>
      permission === 'clipboard-sanitized-write' && isSameOrigin(requestingOrigin, origin),
  )
}

function openOutside(text: string): void {
  const url = externalUrl(text)
  if (url !== null) void shell.openExternal(url)
}
