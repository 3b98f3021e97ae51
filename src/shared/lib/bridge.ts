/**
 * How a renderer reaches its host. An Electron window has `window.yangtuo` and sends itself
 * `connectMessage` with one end of a MessageChannel, which the preload hands to main; from then on
 * that port carries the contract. A browser has no `window.yangtuo` and opens a WebSocket on
 * `socketPath` of its own origin; the session cookie lets it in.
 */
export interface Bridge {
  /** Where a dropped or chosen file lies on this machine; an empty string for one made in script. */
  pathOfFile(file: File): string
}

declare global {
  interface Window {
    readonly yangtuo?: Bridge
  }
}

/** `window.postMessage(connectMessage, '*', [port])` in the page; the channel's name between preload and main. */
export const connectMessage = 'yangtuo:connect'

export const socketPath = '/rpc'
