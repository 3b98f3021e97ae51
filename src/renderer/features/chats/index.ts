export { forkChat } from './chat-actions.ts'
export { ChatsPanel } from './chats-panel.tsx'
export {
  ensureChat,
  followChats,
  listedChats,
  newChat,
  openChat,
  openFirstChat,
  saveChat,
  setOnScreen,
  useChats,
} from './chats-store.ts'
export type { ExportTarget } from './export-target.ts'
export { openTrash } from './list-store.ts'
export { focusSearch } from './search-store.ts'
