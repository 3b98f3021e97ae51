/** What a file of chats calls those who speak and what it lacks, whoever writes the file. */
export const fileWords = {
  user: 'You',
  assistant: 'Assistant',
  system: 'System prompt',
  reasoning: 'Reasoning',
  footnotes: 'Notes',
  untitled: 'Untitled chat',
  noText: '(no text)',
}
