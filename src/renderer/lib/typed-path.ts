/**
 * A path that was typed or pasted, without the blanks around it and the quotes that "Copy as path" of
 * Windows adds. Other spaces at its ends, such as U+3000, may belong to it.
 */
export function typedPath(text: string): string {
  return text.replace(/^[ \t\r\n"]+|[ \t\r\n"]+$/g, '')
}
