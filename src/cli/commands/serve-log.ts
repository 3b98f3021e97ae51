import { openLog } from '../../core/log.ts'
import type { Log } from '../../core/ports.ts'

export interface ServeLog extends Log {
  /** To the terminal only: what the log file never holds, such as the token of the window's address. */
  say(text: string, details?: Record<string, unknown>): void
}

/** To the log file as ever, and to stdout: as lines to read, or as one JSON object a line. */
export function openServeLog(directory: string, format: 'text' | 'json'): ServeLog {
  const file = openLog(directory)

  function write(level: string, text: string, details: Record<string, unknown> = {}): void {
    const time = new Date().toISOString()
    const more = Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : ''
    process.stdout.write(
      format === 'json' ? `${JSON.stringify({ time, level, message: text, ...details })}\n` : `${time} ${level} ${text}${more}\n`,
    )
  }
  const both = (level: 'info' | 'warn' | 'error'): Log['info'] => (text, details) => {
    file[level](text, details)
    write(level, text, details)
  }
  return {
    info: both('info'),
    warn: both('warn'),
    error: both('error'),
    say: (text, details) => (format === 'json' ? write('info', text, details) : void process.stdout.write(`${text}\n`)),
  }
}
