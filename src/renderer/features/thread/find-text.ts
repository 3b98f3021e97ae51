/**
 * What finding in a chat compares: capital and small letters and the widths of letters (`Ａ`, `A`) are the same.
 * Invariant: a folded text is as long as the text, so that a place in one is the same place in the other.
 */

export function fold(text: string): string {
  return text
    .replace(/[\u3000\uff01-\uff9f]/g, (character) => {
      const usual = character.normalize('NFKC')
      return usual.length === 1 ? usual : character
    })
    // The one letter whose small form is longer.
    .replaceAll('\u0130', 'I')
    .toLowerCase()
}

/** Where the folded query begins in the folded text; hits do not overlap. */
export function placesOf(text: string, query: string): number[] {
  const places: number[] = []
  if (query === '') return places
  for (let at = text.indexOf(query); at !== -1; at = text.indexOf(query, at + query.length)) places.push(at)
  return places
}

/** A Markdown text about as it reads: without the marks of emphasis, code and headings, and without addresses. */
export function readableText(markdown: string): string {
  return markdown
    .replace(/^[ \t]*(?:`{3,}|~{3,}).*$/gm, '')
    .replace(/<\/?think>/g, '')
    .replace(/!?\[([^[\]\n]*)\]\([^()\s]*(?:\s"[^"\n]*")?\)/g, '$1')
    .replace(/^[ \t]*#{1,6}[ \t]+/gm, '')
    .replace(/\*\*|~~|__|`/g, '')
}
