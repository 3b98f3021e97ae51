import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where chats, settings, logs and models are kept unless a person chooses another folder: the same
 * for both hosts, so that what one has written the other shows. Local and not roaming on Windows,
 * because models are large.
 */
export function defaultDataDirectory(): string {
  const home = homedir()
  switch (process.platform) {
    case 'win32':
      return join(process.env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Yangtuo')
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Yangtuo')
    default:
      return join(process.env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'Yangtuo')
  }
}
