const sentences = {
  'in-use': `羊驼已在使用这个数据文件夹。请先关闭它，或换一个文件夹。
Yangtuo is already running with this data folder. Close it, or choose another folder.`,
  'too-new': `这些数据由更新版本的羊驼写成，请升级后再打开。
A newer version of Yangtuo wrote this data. Update Yangtuo to open it.`,
} as const

/** The database at `path` cannot be opened; `message` is a sentence that a host can print. */
export class DatabaseUnusableError extends Error {
  override readonly name = 'DatabaseUnusableError'
  readonly reason: keyof typeof sentences

  constructor(reason: keyof typeof sentences, path: string) {
    super(`${sentences[reason]}\n${path}`)
    this.reason = reason
  }
}

const sqliteBusy = 5
const sqliteFull = 13

export function isDatabaseBusy(error: unknown): boolean {
  return sqliteCode(error) === sqliteBusy
}

/** True for SQLITE_FULL of the database and ENOSPC of any file operation. */
export function isDiskFull(error: unknown): boolean {
  return sqliteCode(error) === sqliteFull || (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
}

/** SQLite's primary result code; the upper bytes of `errcode` only refine it. */
function sqliteCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null
}
