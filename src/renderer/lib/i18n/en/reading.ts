export const reading = {
  find: 'Find in this chat',
  noHits: 'Not found',
  hit: '{{number}} of {{count, number}}',
  previousHit: 'Previous hit',
  nextHit: 'Next hit',

  thinking: 'Thinking…',
  thoughtFor: 'Thought for {{time}}',
  thoughtLength: 'Thought, {{count, number}} characters',
  thoughtLength_one: 'Thought, {{count, number}} character',

  footnotes: 'Footnotes',
  footnote: 'Footnote {{number}}',
  backToText: 'Back to the text',

  wrapCode: 'Wrap long lines',
  saveCode: 'Save as a file',
  copyRichText: 'Copy with formatting',

  diagram: 'Diagram',
  mindMap: 'Mind map',
  showSource: 'Show the source',
  showDiagram: 'Show the diagram',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomFit: 'Fit',
  saveSvg: 'Save as SVG',
  drawing: 'Drawing…',
  notDrawn: 'This could not be drawn. {{why}}',
  notDrawnInTime: 'It took longer than {{seconds}} seconds.',
  notDrawnTooLong: 'The source is longer than {{count, number}} characters.',
}
