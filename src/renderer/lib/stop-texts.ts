/** The contract takes no more and no longer ones. */
const mostTexts = 16
const mostCharacters = 200

/** From one a line, where `\n`, `\t` and `\\` stand for a line break, a tab and a backslash. Spaces count. */
export function readStopTexts(lines: string): string[] {
  const texts = lines
    .split('\n')
    .map((line) => line.replace(/\\([nt\\])/g, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? '\\'))
    .filter((text) => text !== '')
    .map((text) => text.slice(0, mostCharacters))
  return [...new Set(texts)].slice(0, mostTexts)
}

export function writeStopTexts(texts: readonly string[]): string {
  const escapes: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\\': '\\\\' }
  return texts.map((text) => text.replace(/[\n\t\\]/g, (character) => escapes[character]!)).join('\n')
}
