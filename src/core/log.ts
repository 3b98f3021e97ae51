/**
 * The app's log file. Callers never hand it what people write or read in chats, nor a session's
 * token. Writing is synchronous, so the last line before a crash is there, and never fails the app.
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Log {
  info(text: string, details?: Record<string, unknown>): void
  warn(text: string, details?: Record<string, unknown>): void
  error(text: string, details?: Record<string, unknown>): void
}

/** Writes `yangtuo.log` in the directory, created if needed; at `maxBytes` it becomes `yangtuo.old.log`. */
export function openLog(directory: string, maxBytes = 5_000_000): Log {
  const path = join(directory, 'yangtuo.log')
  mkdirSync(directory, { recursive: true })
  let sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0

  function write(level: string, text: string, details?: Record<string, unknown>): void {
    const line = `${new Date().toISOString()} ${level} ${text}${details ? ` ${JSON.stringify(details)}` : ''}\n`
    try {
      if (sizeBytes > maxBytes) {
        renameSync(path, join(directory, 'yangtuo.old.log'))
        sizeBytes = 0
      }
      appendFileSync(path, line)
      sizeBytes += Buffer.byteLength(line)
    } catch {
      // A full disk is told where it matters; a log that throws would turn it into a crash.
    }
  }

  return {
    info: (text, details) => write('info', text, details),
    warn: (text, details) => write('warn', text, details),
    error: (text, details) => write('error', text, details),
  }
}
