/**
 * `/api/create`: a model of the library under a name of its own, with other values, as a Modelfile says it (in
 * `modelfile`, or in fields of the request). No path from a request is opened: paths are compared with those of
 * the library.
 */
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { ApiServices } from '../../../core/api-server/api-services.ts'
import type { DerivedModel } from '../../../core/derived-models/derived-model.ts'
import type { FoundModel } from '../../../core/inference/inference.ts'
import type { LoadOverrides, TemplateChoice } from '../../../shared/contract/load-settings.ts'
import type { Model } from '../../../shared/contract/models.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { comparable, findModelByName } from '../../../shared/lib/model-names.ts'
import { goTemplateToJinja } from './go-template-to-jinja.ts'
import { parseModelfile, printModelfile, textOfCommand, type Instruction, type ModelfileCommand } from './modelfile.ts'
import { contextSizeOf, optionsFrom, samplingOf } from './ollama-options.ts'
import { modelField, streamField } from './request-fields.ts'

const refused = (detail: string) => z.undefined({ error: detail }).nullish()
/** File names and the digests of their contents. */
const files = z.record(z.string(), z.string()).nullish()

export const createBody = z.object({
  model: modelField,
  name: modelField,
  stream: streamField,
  modelfile: z.string().nullish(),
  from: z.string().nullish(),
  files,
  adapters: files,
  template: z.string().nullish(),
  system: z.string().nullish(),
  license: z.union([z.string(), z.array(z.string())]).nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  messages: z.array(z.unknown()).max(0, 'are not supported').nullish(),
  quantize: refused('is not supported: take a file of that quantization'),
  quantization: refused('is not supported: take a file of that quantization'),
  path: refused('is not supported: send the text in modelfile'),
})
type CreateBody = z.infer<typeof createBody>

type Services = Pick<ApiServices, 'client' | 'inference' | 'derivedModels'>

/** Throws REQUEST_INVALID and MODEL_UNKNOWN. */
export async function createModel(services: Services, body: CreateBody): Promise<void> {
  const { client, derivedModels } = services
  const name = derivedName(services, body.model ?? body.name ?? '', 'model')
  const commands = [...(body.modelfile ? parseModelfile(body.modelfile) : []), ...commandsOf(body)]
  for (const { instruction } of commands) {
    if (unsupported.includes(instruction)) throw invalid('modelfile', `${instruction.toUpperCase()} is not supported`)
  }
  const { models } = await client.models.list()
  const base = baseOf(services, commands, models)
  const template = templateOf(commands)
  if (template) await client.models.previewTemplate({ modelId: base.model.id, template })
  const options = optionsFrom(commands.filter(({ instruction }) => instruction === 'parameter'))
  const contextSize = contextSizeOf(options)
  const adapters = commands
    .filter(({ instruction }) => instruction === 'adapter')
    .map(({ text }) => ({ modelId: adapterOf(models, text).id, scale: 1 }))
  const loadOverrides: LoadOverrides = {
    ...base.derived?.loadOverrides,
    ...(contextSize !== undefined && { contextSize }),
    ...(template && { template }),
    ...(adapters.length > 0 && { adapters }),
  }
  const made: Omit<DerivedModel, 'id' | 'createdAt'> = {
    name,
    modelId: base.model.id,
    systemPrompt: textOfCommand(commands, 'system') ?? base.derived?.systemPrompt ?? '',
    sampling: { ...base.derived?.sampling, ...samplingOf(options) },
    loadOverrides,
    modelfile: textOf([...(base.derived?.modelfile ? parseModelfile(base.derived.modelfile) : []), ...commands]),
  }
  derivedModels.save(made)
}

const unsupported: Instruction[] = ['message', 'renderer', 'parser', 'draft']

function invalid(field: string, detail: string): AppFailure<'REQUEST_INVALID'> {
  return new AppFailure('REQUEST_INVALID', { field, detail })
}

/** A name for a derived model. Throws REQUEST_INVALID of `field` if it is none, or a model's of the library. */
export function derivedName({ inference }: Pick<ApiServices, 'inference'>, text: string, field: string): string {
  const name = text.trim()
  if (!/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._:/@+-]{0,199}$/u.test(name)) throw invalid(field, 'must be a name')
  const taken = inference.models().some((one) => one.derived === null && comparable(one.name) === comparable(name))
  if (taken) throw invalid(field, 'must not be the name of a model of the library')
  return name
}

/** What the fields of the request say, which count more than its Modelfile. */
function commandsOf(body: CreateBody): ModelfileCommand[] {
  const { from, files: named, adapters, template, system, license, parameters } = body
  const one = (instruction: Instruction, text: string | null | undefined, key = '') =>
    text ? [{ instruction, key, text }] : []
  return [
    ...one('from', from ?? Object.values(named ?? {})[0]),
    ...one('template', template),
    ...one('system', system),
    ...Object.values(adapters ?? {}).flatMap((digest) => one('adapter', digest)),
    ...Object.entries(parameters ?? {}).flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((text) => one('parameter', String(text), key)),
    ),
    ...[license ?? []].flat().flatMap((text) => one('license', text)),
  ]
}

/** What FROM names: a model, a path of one, or the digest of its file. */
function baseOf({ inference }: Services, commands: ModelfileCommand[], models: Model[]): FoundModel {
  const from = textOfCommand(commands, 'from')
  if (from === null) throw invalid('from', 'is missing')
  const byFile = models.filter(({ type }) => type === 'model').find((model) => hasFile(model, from))
  return inference.find(byFile?.id ?? from)
}

function adapterOf(models: Model[], text: string): Model {
  const adapters = models.filter(({ type }) => type === 'adapter')
  const adapter = adapters.find((one) => hasFile(one, text)) ?? findModelByName(adapters, text)
  if (!adapter) throw invalid('adapter', `must be an adapter of the library, and ${text} is none`)
  return adapter
}

function hasFile({ path, sha256 }: Model, text: string): boolean {
  return resolve(text) === resolve(path) || (sha256 !== null && text.replace(/^sha256:/, '') === sha256)
}

/** Ollama's own language, or Jinja; null = the model's own template. */
function templateOf(commands: ModelfileCommand[]): TemplateChoice | null {
  const template = textOfCommand(commands, 'template')
  if (!template) return null
  return { type: 'jinja', source: template.includes('{%') ? template : goTemplateToJinja(template) }
}

function textOf(commands: ModelfileCommand[]): string {
  const modelfile = printModelfile(commands)
  if (!isDeepStrictEqual(parseModelfile(modelfile), commands)) {
    throw invalid('modelfile', 'cannot hold a text with """ at the end of a line')
  }
  return modelfile
}
