/** What a model wrote besides its reasoning: a `<think>` block, also one that the template began. Empty while it still reasons. */
export function withoutReasoning(text: string): string {
  const end = text.lastIndexOf('</think>')
  if (end >= 0) return text.slice(end + '</think>'.length).trim()
  return text.trimStart().startsWith('<think>') ? '' : text.trim()
}
