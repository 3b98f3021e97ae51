/** Jinja statements that make of `messages` what Ollama gives its templates; see go-template-to-jinja.ts. */

/** Neighbouring messages of one role as one: `ns.messages`; the text of all system messages: `ns.all_system`. */
export const joinMessages = [
  '{%- set ns = namespace(all_system="", messages=[]) -%}',
  '{%- for m in messages -%}',
  '{%- if m.role == "system" -%}',
  '{%- set ns.all_system = ns.all_system ~ ("\\n\\n" if ns.all_system else "") ~ m.content -%}',
  '{%- endif -%}',
  '{%- if ns.messages and ns.messages[-1].role == m.role -%}',
  '{%- set joined = {"role": m.role, "content": ns.messages[-1].content ~ "\\n\\n" ~ m.content} -%}',
  '{%- set ns.messages = ns.messages[:-1] + [joined] -%}',
  '{%- else -%}',
  '{%- set ns.messages = ns.messages + [{"role": m.role, "content": m.content}] -%}',
  '{%- endif -%}',
  '{%- endfor -%}',
]

const endTurn = [
  '{%- set ns.turns = ns.turns + [{"system": ns.system, "prompt": ns.prompt, "response": ns.response}] -%}',
  '{%- set ns.system = "" -%}',
  '{%- set ns.prompt = "" -%}',
  '{%- set ns.response = "" -%}',
]

/** `ns.turns`, and what is not yet answered: `ns.system`, `ns.prompt`, `ns.response`. */
export const collectTurns = [
  '{%- set ns.turns = [] -%}',
  '{%- set ns.system = "" -%}',
  '{%- set ns.prompt = "" -%}',
  '{%- set ns.response = "" -%}',
  '{%- for m in ns.messages -%}',
  '{%- if ns.response or (m.role == "system" and ns.prompt) -%}',
  '{%- if m.role != "assistant" -%}',
  ...endTurn,
  '{%- endif -%}',
  '{%- endif -%}',
  '{%- if m.role == "system" -%}',
  '{%- set ns.system = m.content -%}',
  '{%- elif m.role == "user" -%}',
  '{%- set ns.prompt = m.content -%}',
  '{%- else -%}',
  '{%- set ns.response = m.content -%}',
  '{%- endif -%}',
  '{%- endfor -%}',
]
