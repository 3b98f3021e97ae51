export const savedStates = {
  title: 'Coming back to chats',
  quota: 'Disk space',
  quotaHint:
    'What the model has read of the latest chats is kept on disk, so that a long chat answers at once after a restart. The oldest go first.',
  off: 'Off',
  used: 'In use',
  usage_one: '{{size}} for {{count}} chat',
  usage_other: '{{size}} for {{count}} chats',
  clear: 'Clear',
  clearHint: 'Clearing deletes no chat. The next message in one takes longer, once.',
}
