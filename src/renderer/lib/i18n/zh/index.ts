import { chats } from './chats.ts'
import { common } from './common.ts'
import { errors } from './errors.ts'
import { inspector } from './inspector.ts'
import { loadSettings } from './load-settings.ts'
import { memory } from './memory.ts'
import { models } from './models.ts'
import { settings } from './settings.ts'
import { thread } from './thread.ts'

export const zh = { common, errors, chats, thread, memory, models, loadSettings, inspector, settings }
