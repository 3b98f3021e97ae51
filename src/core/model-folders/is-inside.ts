import { isAbsolute, relative, sep } from 'node:path'

/** Whether a path lies below a folder (or is it), by their names alone. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
