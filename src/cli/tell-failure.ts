import { ORPCError } from '@orpc/client'
import { DatabaseUnusableError } from '../core/database/database-error.ts'
import { failureSchema, type Failure } from '../shared/contract/errors.ts'
import { fill } from '../shared/texts/fill.ts'
import { failureSentence } from '../shared/texts/failure-sentence.ts'
import type { CommandContext } from './command-context.ts'
import { CommandFailure, exitCodes } from './command-failure.ts'

/** Says on stderr what went wrong, and returns the exit code. */
export function tellFailure(context: CommandContext, error: unknown): number {
  if (context.signal.aborted) {
    context.note(context.texts.interrupted)
    return exitCodes.interrupted
  }
  const failure = failureSchema.safeParse(error).data ?? null
  const message = error instanceof CommandFailure ? error.message : sentenceOf(context, error, failure)
  if (context.isJson && message !== '') {
    context.note(JSON.stringify({ error: { code: failure?.code ?? null, message, data: failure?.data ?? {} } }))
  } else if (message !== '') {
    context.note(message)
  }
  return error instanceof CommandFailure ? error.exitCode : exitCodes.failed
}

function sentenceOf({ language, texts, dataDirectory }: CommandContext, error: unknown, failure: Failure | null): string {
  if (error instanceof DatabaseUnusableError) {
    return fill(error.reason === 'in-use' ? texts.folderInUse : texts.folderTooNew, { path: dataDirectory })
  }
  if (failure) {
    const sentence = failureSentence(language, failure)
    if (failure.code !== 'MODEL_UNKNOWN') return sentence
    return `${sentence}\n${fill(texts.pullHint, { name: String(failure.data['name']) })}`
  }
  const { code, message, syscall } = error as NodeJS.ErrnoException
  if (code !== undefined && syscall !== undefined) return fill(texts.systemFailure, { detail: message })
  const detail = error instanceof ORPCError ? `${error.code} ${JSON.stringify(error.data)}` : String((error as Error).stack)
  return fill(texts.unexpected, { detail })
}
