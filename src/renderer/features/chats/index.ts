export { forkChat } from './chat-actions.ts'
export { ChatList } from './chat-list.tsx'
export { ensureChat, followChats, newChat, openChat, openFirstChat, saveChat, useChats } from './chats-store.ts'
