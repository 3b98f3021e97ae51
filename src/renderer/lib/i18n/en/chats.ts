export const chats = {
  chats: 'Chats',
  newChat: 'New chat',
  untitled: 'New chat',
  empty: 'Chats are kept here once you have written something.',
  title: 'Title of the chat',
  rename: 'Rename',
  delete: 'Delete',
  deleted: '“{{title}}” was deleted.',
  running: 'Answering',
  today: 'Today',
  yesterday: 'Yesterday',
  week: 'Last 7 days',
}
