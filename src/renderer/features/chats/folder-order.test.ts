import { expect, test } from 'vitest'
import { positionBeside, sortedFolders } from './folder-order.ts'

const folder = (id: string, position: number) => ({ id, parentId: null, name: id, position })

/** The order that follows when `moved` gets the place beside the target. */
function orderAfter(siblings: ReturnType<typeof folder>[], targetId: string, side: 'before' | 'after') {
  const { position, renumbered } = positionBeside(siblings, targetId, side)
  const placed = siblings.map((sibling) => renumbered.find(({ id }) => id === sibling.id)?.position ?? sibling.position)
  const all = [...siblings.map(({ id }, index) => folder(id, placed[index]!)), folder('moved', position)]
  return sortedFolders(all, null).map(({ id }) => id)
}

// An end of the list has only one neighbour to be put beside.
test('a folder goes before the first, between two and behind the last', () => {
  const siblings = [folder('a', 1), folder('b', 2), folder('c', 3)]
  expect(orderAfter(siblings, 'a', 'before')).toEqual(['moved', 'a', 'b', 'c'])
  expect(orderAfter(siblings, 'a', 'after')).toEqual(['a', 'moved', 'b', 'c'])
  expect(orderAfter(siblings, 'c', 'before')).toEqual(['a', 'b', 'moved', 'c'])
  expect(orderAfter(siblings, 'c', 'after')).toEqual(['a', 'b', 'c', 'moved'])
  expect(orderAfter([folder('only', 0)], 'only', 'before')).toEqual(['moved', 'only'])
})

// Halving a gap ends after some fifty times, and older data may have one position twice: the order must hold still.
test('where no number is left between two, the siblings are numbered anew', () => {
  const close = [folder('a', 1), folder('b', 1 + Number.EPSILON), folder('c', 5)]
  expect(orderAfter(close, 'a', 'after')).toEqual(['a', 'moved', 'b', 'c'])
  expect(orderAfter([folder('a', 0), folder('b', 0)], 'b', 'before')).toEqual(['a', 'moved', 'b'])
})
