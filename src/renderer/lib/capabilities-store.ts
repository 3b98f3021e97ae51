import { create } from 'zustand'
import type { Capabilities } from '../../shared/contract/app.ts'

/** What the host can do; asked once. Until the answer is there, nothing special is offered. */
export const useCapabilities = create<Capabilities>(() => ({ fileDialog: false, revealFile: false, trash: false, uploadUrl: null }))
