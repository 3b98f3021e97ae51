import { z } from 'zod'
import { defaultSettings, type Settings, settingsSchema } from '../../shared/contract/settings.ts'
import { fill } from '../../shared/texts/fill.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, exitCodes } from '../command-failure.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'

export async function listConfig(context: CommandContext): Promise<void> {
  const settings = await withClient(context, (client) => client.settings.get())
  if (context.isJson) return context.printJson(settings)
  context.print(table(Object.entries(settings).map(([key, value]) => [key, shown(value)])))
}

export async function getConfig(context: CommandContext, name: string): Promise<void> {
  const key = keyOf(context, name)
  const { [key]: value } = await withClient(context, (client) => client.settings.get())
  if (context.isJson) context.printJson(value)
  else context.print(shown(value))
}

/** `text` is JSON, or a word that stands for itself; `none` is no value; a list may be written with commas. */
export async function setConfig(context: CommandContext, name: string, text: string): Promise<void> {
  await update(context, keyOf(context, name), text)
}

export async function resetConfig(context: CommandContext, name: string): Promise<void> {
  const key = keyOf(context, name)
  await update(context, key, JSON.stringify(defaultSettings[key]))
}

async function update(context: CommandContext, key: keyof Settings, text: string): Promise<void> {
  const { [key]: value } = await withClient(context, (client) =>
    client.settings.update({ [key]: parseValue(context, key, text) }),
  )
  if (context.isJson) context.printJson({ [key]: value })
  else context.print(`${key} = ${shown(value)}`)
}

function keyOf({ texts }: CommandContext, name: string): keyof Settings {
  const key = Object.keys(settingsSchema.shape).find((one) => one.toLowerCase() === name.toLowerCase())
  if (key) return key as keyof Settings
  throw new CommandFailure(fill(texts.config.unknown, { name }), exitCodes.wrongUse)
}

function parseValue({ texts }: CommandContext, key: keyof Settings, text: string): unknown {
  const schema: z.ZodType = settingsSchema.shape[key]
  const readings = [text, ...jsonOf(text === 'none' ? 'null' : text), text.split(',').map((part) => part.trim())]
  for (const reading of readings) {
    const result = schema.safeParse(reading)
    if (result.success) return result.data
  }
  const detail = z.prettifyError(schema.safeParse(jsonOf(text)[0] ?? text).error!)
  throw new CommandFailure(fill(texts.config.invalid, { key, text, detail }), exitCodes.wrongUse)
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    return []
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
