/** Puts conversations side by side into the windows of the network. */
import type { TokenizedConversation } from './chat-format.ts'
import type { NetworkInputs } from './llama-network.ts'

export interface WindowSize {
  window: number
  rows: number
  vocabulary: number
}

/** What is in a window: the conversations and the targets of its rows. */
export interface Batch {
  conversations: TokenizedConversation[]
  tokens: number
  targets: number
}

const EMPTY: Batch = { conversations: [], tokens: 0, targets: 0 }

/** Fills batches with conversations in the given order, as many as fit each. Those longer than a window are left out. */
export function pack(conversations: Iterable<TokenizedConversation>, size: WindowSize): Batch[] {
  const batches: Batch[] = []
  let open: Batch | undefined
  for (const conversation of conversations) {
    if (!fits(EMPTY, conversation, size)) continue
    if (!open || !fits(open, conversation, size)) {
      open = { ...EMPTY, conversations: [] }
      batches.push(open)
    }
    open.conversations.push(conversation)
    open.tokens += conversation.tokens.length
    open.targets += countTargets(conversation)
  }
  return batches
}

/** Whether there is room in the batch for one more conversation. */
function fits(batch: Batch, conversation: TokenizedConversation, size: WindowSize): boolean {
  return (
    batch.tokens + conversation.tokens.length <= size.window &&
    batch.targets + countTargets(conversation) <= size.rows
  )
}

/**
 * Writes a batch into the network's inputs. Each conversation sees only
 * itself. Rows that are left over repeat the others,
 * so that every row has something to learn. Returns the target of each row.
 */
export function fillInputs(inputs: NetworkInputs, batch: Batch, size: WindowSize): number[] {
  inputs.mask.fill(-Infinity)
  inputs.tokens.fill(0)
  inputs.positions.fill(0)
  const rows: number[] = []
  const targets: number[] = []
  let start = 0
  for (const { tokens, positions, targets: wanted } of batch.conversations) {
    tokens.forEach((token, i) => {
      inputs.tokens[start + i] = token
      inputs.positions[start + i] = positions[i] ?? 0
      const line = (start + i) * size.window
      inputs.mask.fill(0, line + start, line + start + i + 1)
      const target = wanted[i] ?? -1
      if (target >= 0) {
        rows.push(start + i)
        targets.push(target)
      }
    })
    start += tokens.length
  }
  for (let i = start; i < size.window; i++) inputs.mask[i * size.window + i] = 0
  inputs.labels.fill(0)
  for (let row = 0; row < size.rows; row++) {
    const source = row % rows.length
    inputs.rows[row] = rows[source] ?? 0
    inputs.labels[row * size.vocabulary + (targets[source] ?? 0)] = 1
  }
  return targets
}

function countTargets(conversation: TokenizedConversation): number {
  return conversation.targets.filter((target) => target >= 0).length
}
