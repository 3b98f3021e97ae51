/** The whole contract between a renderer (or any client) and core. One line a domain. */
import { app } from './app.ts'
import { chats } from './chats.ts'
import { generation } from './generation.ts'
import { models } from './models.ts'
import { settings } from './settings.ts'

export const contract = { app, chats, generation, models, settings }
