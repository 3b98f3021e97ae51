/** What a model wrote behind its `<think>` block, which the template may have begun; empty while it still reasons. */
export function withoutReasoning(text: string): string {
  const end = text.lastIndexOf('</think>')
  if (end >= 0) return text.slice(end + '</think>'.length).trim()
  return text.trimStart().startsWith('<think>') ? '' : text.trim()
}
