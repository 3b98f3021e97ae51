import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { formatSize } from './format.ts'

beforeAll(() => i18next.init({ lng: 'en' }))

// Binary units (4.58 GB), or `1,000 MB` just below a gigabyte.
test.each([
  [4_920_734_272, '4.92 GB'],
  [10_700_000_000, '10.7 GB'],
  [999_950_000, '1 GB'],
  [999_400_000, '999 MB'],
  [6_100_000, '6.1 MB'],
  [512, '512 B'],
  [0, '0 B'],
])('%d bytes are %s', (sizeBytes, text) => {
  expect(formatSize(sizeBytes)).toBe(text)
})
