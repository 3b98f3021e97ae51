/** A chat's messages are a tree: siblings are branches, and the path to the active leaf is what is shown. */
import type { Message } from '../../../shared/contract/chats.ts'

export type Messages = ReadonlyMap<string, Message>
/** Ids under each parent, in order of creation; `null` has the first messages of the chat. */
export type Children = ReadonlyMap<string | null, readonly string[]>

/**
 * Ids from the chat's first message to the leaf, or from the first that is known; `isWhole` tells. Without the leaf
 * the path is empty and not whole.
 */
export function pathTo(messages: Messages, leafId: string | null): { path: string[]; isWhole: boolean } {
  const path: string[] = []
  for (let id = leafId; id !== null; ) {
    const message = messages.get(id)
    if (!message) return { path: path.reverse(), isWhole: false }
    path.push(id)
    id = message.parentId
  }
  return { path: path.reverse(), isWhole: true }
}

/** Parents without a new child keep their array, so that what depends on it need not render again. */
export function withChildren(children: Children, added: readonly Message[]): Children {
  const result = new Map(children)
  for (const { id, parentId } of added) result.set(parentId, [...(result.get(parentId) ?? []), id].sort())
  return result
}

/** The message and all below it. */
export function branchOf(children: Children, id: string): string[] {
  const branch: string[] = []
  const waiting = [id]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    branch.push(next)
    waiting.push(...(children.get(next) ?? []))
  }
  return branch
}

/** Where work on the branch that begins with `id` went on last. Ids sort by creation. */
export function latestLeaf(children: Children, id: string): string {
  let latest = ''
  const waiting = [id]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const below = children.get(next)
    if (below) waiting.push(...below)
    else if (next > latest) latest = next
  }
  return latest
}
