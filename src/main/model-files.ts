/**
 * Model files that the system hands to the app: double-clicked, dropped on its icon, or named on the
 * command line, of this process or of a second one that found this one running.
 */
import { extname, resolve } from 'node:path'

/** The GGUF files among the arguments, as absolute paths. Options, Chromium's too, begin with a dash. */
export function modelFilesIn(argv: readonly string[], workingDirectory: string): string[] {
  return argv
    .filter((argument) => !argument.startsWith('-') && extname(argument).toLowerCase() === '.gguf')
    .map((path) => resolve(workingDirectory, path))
}
