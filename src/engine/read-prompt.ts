import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { PromptPace } from './prompt-pace.ts'

/**
 * Reads all but the last piece, which is returned: its last token gives the first of the answer. `onPiece`
 * gets the number of tokens still unread, and ends the reading with false.
 */
export async function readPrompt(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  pace: PromptPace,
  onPiece: (unreadTokens: number) => boolean | Promise<boolean>,
): Promise<Token[]> {
  let unread = tokens.slice()
  while (unread.length > pace.pieceLength) {
    const piece = unread.slice(0, pace.pieceLength)
    await sequence.evaluateWithoutGeneratingNewTokens(piece)
    unread = unread.slice(piece.length)
    if (!(await onPiece(unread.length))) break
  }
  return unread
}

/** Whether one more token can be read without pushing the oldest out. The library keeps one cell free. */
export function hasRoom(sequence: LlamaContextSequence): boolean {
  return sequence.nextTokenIndex < sequence.contextSize - 1
}
