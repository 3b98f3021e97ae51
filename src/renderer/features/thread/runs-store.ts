/**
 * The answers that are being written and shown. Their text comes many times a second, so it is kept
 * apart from the messages and applied at most once a frame: a token renders one message again, and
 * of that one its last block.
 */
import { create } from 'zustand'
import type { Message } from '../../../shared/contract/chats.ts'
import type { RunEvent, RunPhase } from '../../../shared/contract/generation.ts'
import { client } from '../../lib/client.ts'
import { follow } from '../../lib/follow.ts'
import { splitBlocks } from './markdown/split-blocks.ts'
import { splitReasoning } from './markdown/split-reasoning.ts'
import type { Block } from './markdown/split-blocks.ts'
import { putMessages } from './thread-store.ts'
import { setThoughtTime } from './thought-times.ts'

export interface Run {
  text: string
  blocks: readonly Block[]
  /** null until the host has told it. */
  phase: RunPhase | null
}

/** By the id of the answer. */
export const useRuns = create<ReadonlyMap<string, Run>>(() => new Map())

/** Twenty updates a second read as steady; more of them take the processor from the model. */
const updateIntervalMs = 50
/** Of the time between two updates, rendering takes at most this part, for the same reason. */
const renderingShare = 0.5

/** Follows an answer until it ends or `signal` aborts, from the text that was saved. */
export async function followRun({ id, text: savedText }: Message, signal: AbortSignal): Promise<void> {
  let text = savedText
  let phase: RunPhase | null = null
  let timer: number | undefined
  let frame: number | undefined
  let notBeforeMs = 0
  let thinkingSinceMs: number | null = null
  let isTimed = false

  function apply() {
    timer = undefined
    measureThought()
    const startMs = performance.now()
    putRun(id, (run) => ({ text, phase, blocks: run?.text === text ? run.blocks : splitBlocks(text, run?.blocks) }))
    // React renders in a microtask that was queued before this one.
    queueMicrotask(() => {
      const endMs = performance.now()
      notBeforeMs = startMs + Math.max(updateIntervalMs, (endMs - startMs) / renderingShare)
    })
  }
  function measureThought() {
    // What was written before this viewer came cannot be timed.
    if (isTimed || savedText !== '' || !text) return
    const { reasoning, isEnded } = splitReasoning(text)
    thinkingSinceMs ??= performance.now()
    if (reasoning === null || !isEnded) return
    setThoughtTime(id, performance.now() - thinkingSinceMs)
    isTimed = true
  }
  function schedule() {
    timer ??= window.setTimeout(() => (frame = requestAnimationFrame(apply)), notBeforeMs - performance.now())
  }

  function onEvent(event: RunEvent) {
    if (event.type === 'end') {
      putMessages([event.message])
      return
    }
    if (event.type === 'phase') phase = event.phase
    else text = text.slice(0, event.offset) + event.text
    schedule()
  }

  apply()
  try {
    await follow(
      (signal) => client.generation.attach({ answerId: id, offset: text.length }, { signal }),
      onEvent,
      signal,
    )
  } finally {
    clearTimeout(timer)
    if (frame !== undefined) cancelAnimationFrame(frame)
    dropRun(id)
  }
}

function putRun(id: string, change: (run: Run | undefined) => Run): void {
  useRuns.setState((runs) => new Map(runs).set(id, change(runs.get(id))), true)
}

function dropRun(id: string): void {
  const rest = new Map(useRuns.getState())
  rest.delete(id)
  useRuns.setState(rest, true)
}
