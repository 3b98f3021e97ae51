/**
 * Translates the template of an Ollama model into a Jinja template for our engine, with the meaning that
 * Ollama gives it (its template/template.go): neighbouring messages of one role are joined; a template that does
 * not name `.Messages` is applied to each turn, and for the last one only up to `.Response`. What the engine never
 * fills in (`.Tools`, `.Suffix`, `.ToolCalls`, …) counts as empty, and the parts that depend on it are left out
 * unread. Whatever else is not understood is refused by its name, so a translated template says exactly what the
 * original says.
 *
 * All text is written as string literals, so that no rule of Jinja about white space or braces touches it.
 * Variables live in a namespace, because Go's outlive the block they are set in and Jinja's do not.
 */
import { type GoExpression, type GoNode, type GoPipe, parseGoTemplate, templateInvalid } from './go-template.ts'
import { collectTurns, joinMessages } from './go-template-turns.ts'
import { callFunction, literal, nothing, stringLiteral, value, type Value } from './go-template-values.ts'

/** Throws REQUEST_INVALID of `template`, naming what is not understood. */
export function goTemplateToJinja(source: string): string {
  const nodes = parseGoTemplate(source)
  const names = namesIn(nodes)
  if (names.has('messages')) return [...joinMessages, ...new Translator('messages').nodes(nodes)].join('\n')
  if (!names.has('response')) nodes.push(printedResponse)
  return [
    ...joinMessages,
    ...collectTurns,
    '{%- for turn in ns.turns -%}',
    ...new Translator('turns').nodes(nodes),
    '{%- endfor -%}',
    '{%- set turn = {"system": ns.system, "prompt": ns.prompt, "response": ns.response} -%}',
    ...new Translator('turns').nodes(upToResponse(nodes)),
  ].join('\n')
}

const rootFields: Record<'messages' | 'turns', Record<string, Value>> = {
  messages: {
    System: value('ns.all_system'),
    Messages: { kind: 'messages', code: 'ns.messages', truth: true },
    Prompt: nothing,
    Response: nothing,
  },
  turns: { System: value('turn.system'), Prompt: value('turn.prompt'), Response: value('turn.response') },
}

const emptyRootFields = ['Tools', 'Suffix', 'Think', 'ThinkLevel', 'IsThinkSet', 'Images']
const emptyMessageFields = ['Thinking', 'Images', 'ToolCalls', 'ToolName', 'ToolCallID']

/** What `.` and the variables are at a place in the template, and which loop a `continue` there belongs to. */
interface Scope {
  dot: Value
  variables: Map<string, Value>
  jump: string | null
}

class Translator {
  readonly #fields: Record<string, Value>
  readonly #root: Value = { kind: 'root', code: '', truth: true }
  #lastNumber = 0

  constructor(mode: keyof typeof rootFields) {
    this.#fields = rootFields[mode]
  }

  nodes(nodes: GoNode[]): string[] {
    return this.#list(nodes, { dot: this.#root, variables: new Map(), jump: null })
  }

  #list(nodes: GoNode[], outer: Scope): string[] {
    const scope = { ...outer, variables: new Map(outer.variables) }
    const lines: string[] = []
    for (const [index, node] of nodes.entries()) {
      lines.push(...this.#node(node, scope))
      const rest = nodes.slice(index + 1)
      if (jumps(node) && rest.length > 0) {
        const skipped = this.#list(rest, scope)
        return [...lines, `{%- if ${scope.jump} == "" -%}`, ...skipped, '{%- endif -%}']
      }
    }
    return lines
  }

  #node(node: GoNode, scope: Scope): string[] {
    switch (node.type) {
      case 'text':
        return [`{{- ${stringLiteral(node.text)} -}}`]
      case 'action':
        return this.#action(node.pipe, scope)
      case 'if':
      case 'with':
        return this.#branch(node, scope)
      case 'range':
        return this.#range(node, scope)
      default:
        if (scope.jump === null) throw templateInvalid(`{{${node.type}}} outside of {{range}}`)
        return [`{%- set ${scope.jump} = "${node.type}" -%}`]
    }
  }

  #action(pipe: GoPipe, scope: Scope): string[] {
    const printed = this.#pipe(pipe, scope)
    if (pipe.variables.length > 0) return this.#assign(pipe, printed, scope)
    if (printed.kind !== 'value') throw templateInvalid('{{ . }} and lists of messages cannot be printed')
    return printed.truth === false && printed === nothing ? [] : [`{{- ${printed.code} -}}`]
  }

  #assign({ variables, declares }: GoPipe, assigned: Value, scope: Scope): string[] {
    const [name] = variables
    if (variables.length > 1) throw templateInvalid(`${variables.join(', ')}: two variables outside of {{range}}`)
    const known = scope.variables.get(name!)
    if (!declares && !known) throw templateInvalid(`undefined variable ${name}`)
    if (!declares && known!.kind !== assigned.kind) throw templateInvalid(`${name} changes its kind`)
    const variable = declares ? { ...assigned, code: `ns.v${++this.#lastNumber}`, truth: null } : known!
    scope.variables.set(name!, assigned.kind === 'root' ? assigned : variable)
    return assigned.kind === 'root' ? [] : [`{%- set ${variable.code} = ${assigned.code} -%}`]
  }

  #branch(node: Extract<GoNode, { type: 'if' | 'with' | 'range' }>, outer: Scope): string[] {
    const scope = { ...outer, variables: new Map(outer.variables) }
    let tested = this.#pipe(node.pipe, scope)
    const assigning = node.pipe.variables.length > 0 ? this.#assign(node.pipe, tested, scope) : []
    if (assigning.length > 0) tested = { ...scope.variables.get(node.pipe.variables[0]!)!, truth: tested.truth }
    const body = () => this.#list(node.body, node.type === 'with' ? { ...scope, dot: tested } : scope)
    const otherwise = () => this.#list(node.otherwise, scope)
    if (tested.truth !== null) return [...assigning, ...(tested.truth ? body() : otherwise())]
    const lines = [...assigning, `{%- if ${tested.code} -%}`, ...body()]
    if (node.otherwise.length > 0) lines.push('{%- else -%}', ...otherwise())
    return [...lines, '{%- endif -%}']
  }

  #range(node: Extract<GoNode, { type: 'if' | 'with' | 'range' }>, outer: Scope): string[] {
    const list = this.#pipe(node.pipe, outer)
    if (list.truth === false) return this.#list(node.otherwise, outer)
    if (list.kind !== 'messages') throw templateInvalid('{{range}} over anything but .Messages is not supported')
    const number = ++this.#lastNumber
    const message: Value = { kind: 'message', code: `m${number}`, truth: true }
    const scope: Scope = { dot: message, variables: new Map(outer.variables), jump: `ns.jump${number}` }
    const { variables, declares } = node.pipe
    if (variables.length > 0 && !declares) throw templateInvalid('{{range}} into variables that exist is not supported')
    if (variables.length > 0) scope.variables.set(variables.at(-1)!, message)
    if (variables.length > 1) scope.variables.set(variables[0]!, value(`i${number}`))
    const canJump = node.body.some(jumps)
    const otherwise = this.#list(node.otherwise, outer)
    return [
      ...(canJump ? [`{%- set ${scope.jump} = "" -%}`] : []),
      `{%- for ${message.code} in ${list.code} -%}`,
      ...(variables.length > 1 ? [`{%- set i${number} = loop.index0 -%}`] : []),
      ...(canJump ? [`{%- if ${scope.jump} != "break" -%}`, `{%- set ${scope.jump} = "" -%}`] : []),
      ...this.#list(node.body, scope),
      ...(canJump ? ['{%- endif -%}'] : []),
      ...(otherwise.length > 0 ? ['{%- else -%}', ...otherwise] : []),
      '{%- endfor -%}',
    ]
  }

  #pipe({ commands }: GoPipe, scope: Scope): Value {
    let result: Value | null = null
    for (const [head, ...rest] of commands) {
      const args = rest.map((argument) => this.#expression(argument, scope))
      if (result) args.push(result)
      if (head!.type === 'function') result = callFunction(head!.name, args)
      else if (args.length > 0) throw templateInvalid('a value is not a function')
      else result = this.#expression(head!, scope)
    }
    return result!
  }

  #expression(expression: GoExpression, scope: Scope): Value {
    switch (expression.type) {
      case 'literal':
        return literal(expression.value)
      case 'function':
        return callFunction(expression.name, [])
      case 'pipe':
        return this.#pipe(expression.pipe, scope)
      case 'variable': {
        const variable = scope.variables.get(expression.name)
        if (!variable) throw templateInvalid(`undefined variable ${expression.name}`)
        return variable
      }
      case 'field': {
        const { of } = expression
        const start = of === 'dot' ? scope.dot : of === 'root' ? this.#root : this.#expression(of, scope)
        return expression.names.reduce((of: Value, name) => this.#field(of, name), start)
      }
    }
  }

  #field(of: Value, name: string): Value {
    if (of.kind === 'root') {
      const field = this.#fields[name]
      if (field) return field
      if (emptyRootFields.includes(name)) return nothing
    }
    if (of.kind === 'message') {
      if (name === 'Role' || name === 'Content') return value(`${of.code}.${name.toLowerCase()}`)
      if (emptyMessageFields.includes(name)) return nothing
    }
    throw templateInvalid(`.${name} is not supported`)
  }
}

/** Whether it may lead to a `break` or `continue` of the loop it stands in. */
function jumps(node: GoNode): boolean {
  if (node.type === 'break' || node.type === 'continue') return true
  if (node.type === 'if' || node.type === 'with') return [...node.body, ...node.otherwise].some(jumps)
  return false
}

/** The names of all fields, in lower case. */
function namesIn(nodes: GoNode[]): Set<string> {
  const names = new Set<string>()
  const inPipe = ({ commands }: GoPipe) => commands.flat().forEach(inExpression)
  const inExpression = (expression: GoExpression): void => {
    if (expression.type === 'pipe') inPipe(expression.pipe)
    if (expression.type !== 'field') return
    for (const name of expression.names) names.add(name.toLowerCase())
    if (typeof expression.of !== 'string') inExpression(expression.of)
  }
  const inNodes = (list: GoNode[]): void => {
    for (const node of list) {
      if ('pipe' in node) inPipe(node.pipe)
      if ('body' in node) inNodes([...node.body, ...node.otherwise])
    }
  }
  inNodes(nodes)
  return names
}

const printedResponse: GoNode = {
  type: 'action',
  pipe: { variables: [], declares: false, commands: [[{ type: 'field', of: 'dot', names: ['Response'] }]] },
}

/** Without what comes after the first place where `.Response` is printed. */
function upToResponse(nodes: GoNode[]): GoNode[] {
  let isCut = false
  const cut = (list: GoNode[]): GoNode[] =>
    list.flatMap((node): GoNode[] => {
      if (isCut) return []
      if ('body' in node) return [{ ...node, body: cut(node.body), otherwise: cut(node.otherwise) }]
      if (node.type === 'action' && namesIn([node]).has('response')) isCut = true
      return [node]
    })
  return cut(nodes)
}
