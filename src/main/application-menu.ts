/**
 * The menu that macOS shows at the top, and whose roles make copy, paste and undo work there. It is
 * built by main, so its few words are here and not in the renderer's catalogs.
 */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'

export type MenuLanguage = 'zh' | 'en'

const words = {
  zh: {
    about: '关于羊驼', hide: '隐藏羊驼', hideOthers: '隐藏其他', showAll: '全部显示', quit: '退出羊驼',
    edit: '编辑', undo: '撤销', redo: '重做', cut: '剪切', copy: '复制', paste: '粘贴', plain: '粘贴为纯文本', all: '全选',
    view: '显示', zoomIn: '放大', zoomOut: '缩小', zoomReset: '实际大小', fullScreen: '全屏',
    window: '窗口', minimize: '最小化', close: '关闭窗口',
  },
  en: {
    about: 'About Yangtuo', hide: 'Hide Yangtuo', hideOthers: 'Hide Others', showAll: 'Show All', quit: 'Quit Yangtuo',
    edit: 'Edit', undo: 'Undo', redo: 'Redo', cut: 'Cut', copy: 'Copy', paste: 'Paste', plain: 'Paste as Plain Text', all: 'Select All',
    view: 'View', zoomIn: 'Zoom In', zoomOut: 'Zoom Out', zoomReset: 'Actual Size', fullScreen: 'Full Screen',
    window: 'Window', minimize: 'Minimize', close: 'Close Window',
  },
}

export function setApplicationMenu(language: MenuLanguage): void {
  const word = words[language]
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    {
      label: app.name,
      submenu: [
        { role: 'about', label: word.about },
        ...(process.platform === 'darwin'
          ? ([
              separator,
              { role: 'hide', label: word.hide },
              { role: 'hideOthers', label: word.hideOthers },
              { role: 'unhide', label: word.showAll },
            ] satisfies MenuItemConstructorOptions[])
          : []),
        separator,
        { role: 'quit', label: word.quit },
      ],
    },
    {
      label: word.edit,
      submenu: [
        { role: 'undo', label: word.undo },
        { role: 'redo', label: word.redo },
        separator,
        { role: 'cut', label: word.cut },
        { role: 'copy', label: word.copy },
        { role: 'paste', label: word.paste },
        { role: 'pasteAndMatchStyle', label: word.plain },
        { role: 'selectAll', label: word.all },
      ],
    },
    {
      label: word.view,
      submenu: [
        { role: 'zoomIn', label: word.zoomIn },
        { role: 'zoomOut', label: word.zoomOut },
        { role: 'resetZoom', label: word.zoomReset },
        separator,
        { role: 'togglefullscreen', label: word.fullScreen },
      ],
    },
    {
      label: word.window,
      role: 'window',
      submenu: [
        { role: 'minimize', label: word.minimize },
        { role: 'close', label: word.close },
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
