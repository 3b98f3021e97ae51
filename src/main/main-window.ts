import { BrowserWindow, nativeTheme, screen } from 'electron'
import { minimumSize, placeWindow, readWindowState, writeWindowState } from './window-state.ts'

/** The page colours of the two themes, so that the window does not flash before its first paint. */
const pageColors = { light: '#fbfaf8', dark: '#171513' }

/** Opens the window where it was last time (`statePath`) on `url`, and shows it once it is painted. */
export function openMainWindow({ url, preloadPath, statePath }: Record<'url' | 'preloadPath' | 'statePath', string>) {
  const saved = readWindowState(statePath)
  const main = screen.getPrimaryDisplay().workArea
  const others = screen.getAllDisplays().map((display) => display.workArea)
  const window = new BrowserWindow({
    ...placeWindow(saved?.bounds ?? null, [main, ...others]),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? pageColors.dark : pageColors.light,
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (saved?.isMaximized) window.maximize()
    window.show()
  })
  window.on('close', () => {
    writeWindowState(statePath, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() })
  })
  void window.loadURL(url)
  return window
}
