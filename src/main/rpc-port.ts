import { ipcMain, type MessagePortMain, type WebContents } from 'electron'
import type { AnyRouter } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { connectMessage } from '../shared/lib/bridge.ts'
import { isOwnMainFrame } from './window-origin.ts'

/** Serves the contract to the main frame of `window()`, on our origin; any other sender gets nothing. */
export function serveRouter(router: AnyRouter, window: () => WebContents | undefined, origin: string): void {
  const handler = new RPCHandler(router)
  // Electron may collect a port that nothing refers to, and close it.
  const openPorts = new Set<MessagePortMain>()
  ipcMain.on(connectMessage, ({ sender, senderFrame, ports: [port] }) => {
    if (!port) return
    if (sender !== window() || !isOwnMainFrame(senderFrame, origin)) return port.close()
    openPorts.add(port)
    port.on('close', () => openPorts.delete(port))
    handler.upgrade(port)
    port.start()
  })
}
