export const search = {
  search: 'Search chats',
  clear: 'Clear the search',
  results: 'Found',
  searching: 'Searching…',
  nothing: 'Nothing found for “{{query}}”.',
  searchedWhat: 'Titles and all messages were searched, other branches too. What is in the trash was not.',
  you: 'You',
  assistant: 'Assistant',
  found_one: '{{shown}} place found',
  found_other: '{{shown}} places found',
  more: 'Show more',
  capped: 'There are more. Search for something longer to see them.',
}
