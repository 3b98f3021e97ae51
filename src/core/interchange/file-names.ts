/** Names for files on any system, made of titles. Invariant: never a path, never hidden, never a name of a device. */

/** Linux and macOS take 255 bytes; room for ` (99)` and an ending. */
const mostBytes = 180
/** Control characters, what Windows refuses, and marks that turn the direction of what follows or are not seen. */
const refused = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]+/gu

/** `fallback` where nothing of the title is left. */
export function fileNameOf(title: string, fallback: string): string {
  let name = title
    .normalize('NFC')
    .replace(refused, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  while (Buffer.byteLength(name) > mostBytes) name = [...name].slice(0, -1).join('').trimEnd()
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)) name = `_${name}`
  return name || fallback
}

/** Numbers names that are there already, as file systems that do not tell capital from small letters need it. */
export class UniqueNames {
  readonly #taken = new Set<string>()

  /** `folder` ends in `/`, or is empty. */
  take(folder: string, name: string, ending: string): string {
    for (let count = 1; ; count++) {
      const path = `${folder}${name}${count === 1 ? '' : ` (${count})`}${ending}`
      const key = path.toLowerCase()
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      return path
    }
  }
}
