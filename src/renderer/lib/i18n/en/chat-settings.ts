export const chatSettings = {
  chats: 'Chats',
  contextPolicy: 'When the context is full',
  automaticTitles: 'Titles by the model',
  automaticTitlesHint: 'After the first answer the model names the chat. Otherwise it is named by its first message.',
  wrapCode: 'Wrap long lines of code',
}
