/**
 * Chats to files and back: export, import from here and from other apps, backup and restore.
 *
 * How a file travels is the same in every window: the host keeps it as a temporary file, and it goes over in pieces of
 * `pieceBytes` (shared/lib/file-pieces.ts), by `read` or `write`. So neither side ever holds more of it than a piece
 * (a browser keeps the pieces of a download on disk by itself). Files that nobody asked for in an hour are deleted.
 */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'

export const mostImportBytes = 4_000_000_000

export const exportFormatSchema = z.enum([
  'markdown',
  /** One page for reading, with everything in it. */
  'html',
  /** Everything: branches, settings, run cards, texts of attachments. See core/interchange/README.md. */
  'json',
  'text',
  /** Training data: `[{"conversations": [{"from": "human", "value": "…"}]}]` */
  'sharegpt',
  /** Training data: `[{"instruction": "…", "input": "", "output": "…", "system": "…", "history": [["…", "…"]]}]` */
  'alpaca',
])
export type ExportFormat = z.infer<typeof exportFormatSchema>

export const importFormatSchema = z.enum([
  'yangtuo-backup',
  'yangtuo-json',
  'yangtuo-markdown',
  'sharegpt',
  'alpaca',
  'lm-studio',
  'cherry-studio',
  'open-webui',
  'chatgpt',
])
export type ImportFormat = z.infer<typeof importFormatSchema>

/** Words that stand in a file for reading, in the language of the window. */
export const exportWordsSchema = z.object({
  /** Of the file: `zh` or `en`. */
  language: z.enum(['zh', 'en']),
  user: z.string(),
  assistant: z.string(),
  system: z.string(),
  reasoning: z.string(),
  footnotes: z.string(),
  untitled: z.string(),
  /** Where the text of an answer is missing. */
  noText: z.string(),
})
export type ExportWords = z.infer<typeof exportWordsSchema>

export const madeFileSchema = z.object({
  fileId: z.string(),
  /** To save it as; never a path. */
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number(),
  chatCount: z.number().int(),
})
export type MadeFile = z.infer<typeof madeFileSchema>

/** The last event is `file`. Leaving the stream before it cancels. */
export const exportEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), fraction: z.number() }),
  z.object({ type: z.literal('file'), file: madeFileSchema }),
])

/** Something in a file that could not be read, or only in part. */
export const importProblemSchema = z.object({
  /** What it is about: a chat's title, a file's name, a place in the file; empty = the whole file. */
  name: z.string(),
  code: z.enum([
    /** The file ends in the middle, or its JSON breaks off; what came before was read. */
    'cut-off',
    /** This one is not what the format says; it was left out. */
    'damaged',
    /** Larger than anything that is read at once; it was left out. */
    'too-large',
    /** It has no messages; it was left out. */
    'empty',
    /** Messages that hang on none of the others, or in a circle: put at the top. */
    'loose-messages',
    /** Messages of roles that are not known; they were left out. */
    'unknown-roles',
    /** Pictures, sounds or files whose content cannot be taken over: their names stand in the text. */
    'media-left-out',
    /** An attachment that is named but not in the file. */
    'attachment-missing',
    /** A file inside the archive with a name that leads out of it, or that is encrypted; it was left out. */
    'entry-refused',
    /** Made by a newer version of this app: what is not known here was left out. */
    'newer-version',
  ]),
  /** How many things of this kind, where that is more than one. */
  count: z.number().int(),
})
export type ImportProblem = z.infer<typeof importProblemSchema>

export const importItemSchema = z.object({
  title: z.string(),
  messageCount: z.number().int(),
  createdAt: z.number(),
  /**
   * `new` is not here yet. `present`: its like was imported before, or it is the chat itself. Only of a backup:
   * `changed` is here and has messages, or newer settings, that the chat here has not; `same` adds nothing.
   */
  state: z.enum(['new', 'present', 'changed', 'same']),
})
export type ImportItem = z.infer<typeof importItemSchema>

export const importPreviewSchema = z.object({
  format: importFormatSchema,
  /** When a backup was made; null for anything else. */
  madeAt: z.number().nullable(),
  counts: z.object({
    new: z.number().int(),
    present: z.number().int(),
    changed: z.number().int(),
    same: z.number().int(),
    messages: z.number().int(),
    folders: z.number().int(),
    presets: z.number().int(),
    attachments: z.number().int(),
  }),
  /** The first thousand chats. */
  items: z.array(importItemSchema),
  /** The first thousand. */
  problems: z.array(importProblemSchema),
  problemCount: z.number().int(),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const importResultSchema = z.object({
  addedChats: z.number().int(),
  changedChats: z.number().int(),
  skippedChats: z.number().int(),
  addedMessages: z.number().int(),
  addedFolders: z.number().int(),
  addedPresets: z.number().int(),
  /** Of what was added, the first: to be shown. null = nothing was. */
  firstChatId: z.string().nullable(),
  problems: z.array(importProblemSchema),
})
export type ImportResult = z.infer<typeof importResultSchema>

/** A copy of the data that was made by itself before a new version changed it. */
export const dataCopySchema = z.object({
  name: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  madeAt: z.number(),
})
export type DataCopy = z.infer<typeof dataCopySchema>

const progress = z.object({ type: z.literal('progress'), fraction: z.number() })
const fileId = z.object({ fileId: z.string() })

export const interchange = {
  /**
   * Makes a file of chats, or of a folder with all below it. Several chats are one file where the format is a list
   * (JSON and training data), else a zip. Without `allBranches` each chat is the path shown; formats that know no
   * branches (all but JSON) ignore it.
   */
  export: oc
    .input(
      z.object({
        of: z.union([
          z.object({ chatIds: z.array(z.string()).min(1).max(100_000) }),
          z.object({ folderId: z.string() }),
        ]),
        format: exportFormatSchema,
        allBranches: z.boolean(),
        words: exportWordsSchema,
      }),
    )
    .output(eventIterator(exportEventSchema))
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Everything but models: chats (with the trash), folders, presets, settings, attachments. */
  backup: oc.output(eventIterator(exportEventSchema)).errors(errorsOf('DISK_FULL')),
  /** The bytes of a made file from `offset` on, at most `pieceBytes`. */
  read: oc
    .input(fileId.extend({ offset: z.number().int().min(0) }))
    .output(z.instanceof(Blob))
    .errors(errorsOf('NOT_FOUND')),

  /** Makes room for a file that is to be imported. */
  open: oc
    .input(z.object({ name: z.string().max(1000), sizeBytes: z.number().int().min(1).max(mostImportBytes) }))
    .output(fileId)
    .errors(errorsOf('DISK_FULL')),
  /** Its next bytes. */
  write: oc.input(fileId.extend({ bytes: z.instanceof(Blob) })).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** What is in a file that was written: nothing is changed by that. The last event is `preview`. */
  preview: oc
    .input(fileId)
    .output(
      eventIterator(
        z.discriminatedUnion('type', [
          progress,
          z.object({ type: z.literal('preview'), preview: importPreviewSchema }),
        ]),
      ),
    )
    .errors(errorsOf('NOT_FOUND', 'IMPORT_UNREADABLE', 'DISK_FULL')),
  /**
   * Takes in what `preview` found. `present` says what becomes of chats that are here already: a backup is always
   * merged with them, message by message. Each chat is taken in whole or not at all; leaving the stream ends it
   * between two chats. The last event is `result`.
   */
  import: oc
    .input(fileId.extend({ present: z.enum(['skip', 'copy']) }))
    .output(
      eventIterator(
        z.discriminatedUnion('type', [progress, z.object({ type: z.literal('result'), result: importResultSchema })]),
      ),
    )
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Deletes a temporary file, made or written. No error when it is gone already. */
  close: oc.input(fileId),
  /** Newest first. */
  dataCopies: oc.output(z.array(dataCopySchema)),
}
