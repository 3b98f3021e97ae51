/**
 * What stands between the database and a file of any format: lines of JSON, one record each. An export gathers records
 * and a thread makes the file of them; an import has a thread make records of a file, and then takes them in. The
 * schemas read records of unknown origin: what is missing or makes no sense gets its default, what cannot be
 * without (ids, texts) is refused.
 */
import { z } from 'zod'
import { attachmentSchema } from '../../shared/contract/attachments.ts'
import { chatSchema, messageSchema, queuedMessageSchema } from '../../shared/contract/chats.ts'
import { folderSchema } from '../../shared/contract/folders.ts'
import { presetSchema, promptVersionSchema } from '../../shared/contract/presets.ts'
import { settingsSchema } from '../../shared/contract/settings.ts'

const id = z.string().regex(/^[\w:.-]{1,100}$/)
const optionalId = id.nullable().catch(null)
const time = z.number().min(0).max(8.64e15)
const timeMs = time.catch(0)
const optionalTimeMs = time.nullable().catch(null)
const prompt = z.string().max(200_000).nullable().catch(null)
const sampling = chatSchema.shape.sampling.catch({})

/** Elements that make no sense are left out. */
function listOf<Element extends z.ZodType>(element: Element) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((values) =>
      values.flatMap((value): z.output<Element>[] => {
        const result = element.safeParse(value)
        return result.success ? [result.data] : []
      }),
    )
}

export const storedMessageSchema = z.object({
  id,
  parentId: optionalId,
  role: messageSchema.shape.role,
  text: z.string(),
  status: messageSchema.shape.status
    .catch('complete')
    .transform((status) => (status === 'running' ? 'interrupted' : status)),
  failure: messageSchema.shape.failure.catch(null),
  runCard: messageSchema.shape.runCard.catch(null),
  attachments: listOf(attachmentSchema),
  summary: messageSchema.shape.summary.catch(null),
  isCompared: z.boolean().catch(false),
  createdAt: timeMs,
})
export type StoredMessage = z.infer<typeof storedMessageSchema>

export const storedChatSchema = z.object({
  id,
  folderId: optionalId,
  mode: chatSchema.shape.mode.catch('chat'),
  title: z
    .string()
    .catch('')
    .transform((title) => [...title].slice(0, 200).join('')),
  titleSource: chatSchema.shape.titleSource.catch('person'),
  systemPrompt: prompt,
  sampling,
  presetId: optionalId,
  contextPolicy: chatSchema.shape.contextPolicy.catch(null),
  modelId: optionalId,
  activeLeafId: optionalId,
  draft: z.string().catch(''),
  draftAttachments: listOf(attachmentSchema),
  queue: listOf(queuedMessageSchema),
  pinnedAt: optionalTimeMs,
  isUnread: z.boolean().catch(false),
  createdAt: timeMs,
  updatedAt: timeMs,
  trashedAt: optionalTimeMs,
})
export type StoredChat = z.infer<typeof storedChatSchema>

export const storedFolderSchema = z.object({
  id,
  parentId: optionalId,
  name: z
    .string()
    .min(1)
    .transform((name) => [...name].slice(0, 200).join('')),
  position: z.number().catch(0),
  systemPrompt: prompt,
  sampling: folderSchema.shape.sampling.catch({}),
  presetId: optionalId,
  modelId: optionalId,
  createdAt: timeMs,
  updatedAt: timeMs,
  trashedAt: optionalTimeMs,
})
export type StoredFolder = z.infer<typeof storedFolderSchema>

export const storedPresetSchema = presetSchema.extend({
  id,
  sampling,
  systemPrompt: prompt,
  isBuiltIn: z.literal(false),
})
export type StoredPreset = z.infer<typeof storedPresetSchema>

export const storedPromptVersionSchema = promptVersionSchema.extend({
  id,
  owner: z.enum(['chat', 'folder', 'preset']),
  ownerId: id,
})
export type StoredPromptVersion = z.infer<typeof storedPromptVersionSchema>

export const recordSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), folder: storedFolderSchema }),
  z.object({ kind: z.literal('preset'), preset: storedPresetSchema }),
  z.object({ kind: z.literal('prompt-version'), version: storedPromptVersionSchema }),
  z.object({ kind: z.literal('settings'), settings: settingsSchema.partial() }),
  z.object({ kind: z.literal('chat'), chat: storedChatSchema, messages: z.array(storedMessageSchema) }),
])
export type InterchangeRecord = z.infer<typeof recordSchema>
export type ChatRecord = Extract<InterchangeRecord, { kind: 'chat' }>
