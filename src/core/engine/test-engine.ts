/** What the tests of this folder share: the real engine process, unbuilt. */
import { join } from 'node:path'
import type { Log } from '../ports.ts'
import { nodeEngineStarter } from './node-engine-starter.ts'

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
export const startEngine = nodeEngineStarter(join(import.meta.dirname, '../../engine/index.ts'), silentLog)
export const demoModelPath = join(import.meta.dirname, '../../../resources/demo-model/yangtuo-demo.gguf')
