import { chatSettings } from './chat-settings.ts'
import { chats } from './chats.ts'
import { common } from './common.ts'
import { compare } from './compare.ts'
import { composer } from './composer.ts'
import { discover } from './discover.ts'
import { downloads } from './downloads.ts'
import { folders } from './folders.ts'
import { hubs } from './hubs.ts'
import { inspector } from './inspector.ts'
import { interchange } from './interchange.ts'
import { library } from './library.ts'
import { loadSettings } from './load-settings.ts'
import { memory } from './memory.ts'
import { message } from './message.ts'
import { models } from './models.ts'
import { palette } from './palette.ts'
import { presets } from './presets.ts'
import { prompt } from './prompt.ts'
import { quantizations } from './quantizations.ts'
import { reading } from './reading.ts'
import { sampling } from './sampling.ts'
import { savedStates } from './saved-states.ts'
import { search } from './search.ts'
import { server } from './server.ts'
import { settings } from './settings.ts'
import { thread } from './thread.ts'
import { trash } from './trash.ts'

export const en = {
  common,
  chats,
  chatSettings,
  trash,
  search,
  folders,
  thread,
  reading,
  composer,
  message,
  prompt,
  compare,
  interchange,
  library,
  memory,
  models,
  loadSettings,
  inspector,
  palette,
  presets,
  sampling,
  savedStates,
  server,
  settings,
  discover,
  downloads,
  hubs,
  quantizations,
}
