/** Tools as a chat request offers them: `tools`, `tool_choice`; in the older form `functions`, `function_call`. */
import { z } from 'zod'
import type { Tool, ToolChoice } from '../../../shared/contract/inference.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'

const offeredFunction = z
  .object({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform(({ name, description, parameters }): Tool => {
    return { name, description: description ?? '', parameters: parameters ?? {} }
  })

const functionType = z.literal('function', { error: 'must be function, the only kind of tool there is' })

const offeredTool = z.object({ type: functionType, function: offeredFunction }).transform((tool) => tool.function)

const named = z.object({ name: z.string() })

export const toolFields = {
  tools: z.array(offeredTool).nullish(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.object({ type: z.literal('function'), function: named }),
      z.object({
        type: z.literal('allowed_tools'),
        allowed_tools: z.object({ mode: z.enum(['auto', 'required']), tools: z.array(z.object({ function: named })) }),
      }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(offeredFunction).nullish(),
  function_call: z.union([z.enum(['none', 'auto']), named]).nullish(),
}
type ToolBody = z.infer<z.ZodObject<typeof toolFields>>

/** Throws REQUEST_INVALID where the choice is of a tool that is not offered. */
export function toolsOf(body: ToolBody): { tools: Tool[]; toolChoice: ToolChoice } {
  const usesFunctions = !body.tools && body.functions
  const tools = body.tools ?? body.functions ?? []
  const field = usesFunctions ? 'function_call' : 'tool_choice'
  const choice = (usesFunctions ? body.function_call : body.tool_choice) ?? 'auto'

  if (choice === 'none' || choice === 'auto') return { tools, toolChoice: { type: choice } }
  if (tools.length === 0) throw new AppFailure('REQUEST_INVALID', { field, detail: 'needs tools to choose from' })
  if (choice === 'required') return { tools, toolChoice: { type: 'required' } }
  if ('allowed_tools' in choice) {
    const names = choice.allowed_tools.tools.map((tool) => tool.function.name)
    return { tools: names.map((name) => find(tools, name, field)), toolChoice: { type: choice.allowed_tools.mode } }
  }
  const { name } = 'function' in choice ? choice.function : choice
  return { tools, toolChoice: { type: 'tool', name: find(tools, name, field).name } }
}

function find(tools: Tool[], name: string, field: string): Tool {
  const tool = tools.find((one) => one.name === name)
  if (!tool) throw new AppFailure('REQUEST_INVALID', { field, detail: `${name} is not among the tools` })
  return tool
}
