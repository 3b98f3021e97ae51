/**
 * What the open thread was given, for its messages. They read it when something is done with them
 * and not when they are shown, so a saved draft or a loaded model renders no message again.
 */
import { create } from 'zustand'
import type { ThreadViewProps } from './thread-props.ts'

export const useThreadHost = create<{ host: ThreadViewProps | null }>(() => ({ host: null }))

export function threadHost(): ThreadViewProps | null {
  return useThreadHost.getState().host
}
