/**
 * How tools are put to a model: one way for all, that of the Hermes and Qwen models, which others follow from the
 * description. Tools stand in the system message, a call is a `<tool_call>` block of the answer, and what a tool
 * returned is a `<tool_response>` block of the next message.
 */
import type { Tool, ToolCall } from '../../shared/contract/inference.ts'

export const callBegin = '<tool_call>'
export const callEnd = '</tool_call>'

/** Empty without tools. */
export function toolInstructions(tools: readonly Tool[]): string {
  if (tools.length === 0) return ''
  const signatures = tools.map((tool) => JSON.stringify({ type: 'function', function: tool }))
  return `# Tools

You may call one or more of these functions to help with what the user asks:
<tools>
${signatures.join('\n')}
</tools>

To call a function, answer with its name and arguments as a JSON object, in a block of its own for each call:
${callBegin}
{"name": <function name>, "arguments": <object of the arguments>}
${callEnd}`
}

export function callText({ name, arguments: text }: Pick<ToolCall, 'name' | 'arguments'>): string {
  return `${callBegin}\n{"name": ${JSON.stringify(name)}, "arguments": ${text.trim() || '{}'}}\n${callEnd}`
}

export function toolResponse(text: string): string {
  return `<tool_response>\n${text}\n</tool_response>`
}
