/** Hands the page its port to the host and the paths of dropped files. Nothing else, ever: see shared/lib/bridge.ts. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { type Bridge, connectMessage } from '../shared/lib/bridge.ts'

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === connectMessage) {
    ipcRenderer.postMessage(connectMessage, null, [...event.ports])
  }
})

const bridge: Bridge = { pathOfFile: (file) => webUtils.getPathForFile(file) }
contextBridge.exposeInMainWorld('yangtuo', bridge)
