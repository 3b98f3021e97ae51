/** What core and the thread that reads and writes files say to one another. */
import type { ErrorData } from '../../shared/contract/errors.ts'
import type { ImportFormat, ImportProblem } from '../../shared/contract/interchange.ts'
import type { BackupJob, ExportedFile, ExportJob } from './write-export.ts'

export interface ReadJob {
  path: string
  /** What the file was called where it came from. */
  name: string
  /** Empty; gets `records.jsonl` and `attachments/`. */
  directory: string
}

export type InterchangeJob =
  { task: 'export'; job: ExportJob } | { task: 'backup'; job: BackupJob } | { task: 'read'; job: ReadJob }

export interface ReadResult {
  format: ImportFormat
  madeAt: number | null
  attachmentCount: number
  problems: ImportProblem[]
  problemCount: number
}

export type InterchangeEvent =
  | { type: 'progress'; fraction: number }
  | { type: 'exported'; file: ExportedFile }
  | { type: 'read'; result: ReadResult }
  | { type: 'refused'; reason: ErrorData<'IMPORT_UNREADABLE'>['reason'] }
