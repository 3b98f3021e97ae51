export { ChatList } from './chat-list.tsx'
export { ensureChat, followChats, newChat, openFirstChat, saveChat, useChats } from './chats-store.ts'
