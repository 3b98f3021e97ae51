/** All that a GGUF file says of itself, cut to what a person can read. */
import type { ModelDetails } from '../shared/contract/models.ts'
import { ggufScalar, ggufTypeBytes, type GgufArray, type GgufTensor } from '../shared/lib/gguf-header.ts'
import { allParts } from '../shared/lib/split-files.ts'
import { type OpenGguf, readGgufHeader, withGguf } from './gguf-header.ts'
import { reading, textOf } from './inspect-model.ts'

const maxValueCharacters = 2_000
const maxElements = 20

/** `path` is the first part of a split model. Throws as `inspectModel` does. */
export function modelDetails(path: string): ModelDetails {
  return reading(path, () =>
    withGguf(path, (file) => {
      const { metadata, types } = file.header
      const paths = metadata.has('split.count') ? allParts(path) : [path]
      const others = paths.slice(1).map((part) => reading(part, () => readGgufHeader(part)))
      return {
        metadata: [...metadata].map(([key, value]) => ({
          key,
          type: typeof value === 'object' ? `${value.elementType}[]` : types.get(key)!,
          value: (typeof value === 'object' ? firstElements(file, value) : String(value)).slice(0, maxValueCharacters),
          length: typeof value === 'object' ? value.arrayLength : null,
        })),
        tensorTypes: tensorTypes([file.header, ...others].flatMap(({ tensors }) => tensors)),
        chatTemplate: textOf(file.header, 'tokenizer.chat_template') || null,
        paths,
      }
    }),
  )
}

function firstElements(file: OpenGguf, array: GgufArray): string {
  const count = Math.min(array.arrayLength, maxElements)
  const bytes = file.arrayBytes(array)
  const elements: string[] = []
  for (let i = 0, offset = 0; i < count; i++) {
    if (array.elementType === 'string') {
      const length = bytes.readUInt32LE(offset)
      elements.push(JSON.stringify(bytes.toString('utf8', offset + 8, offset + 8 + length)))
      offset += 8 + length
    } else {
      elements.push(String(ggufScalar(array.elementType, bytes, offset)))
      offset += ggufTypeBytes[array.elementType]
    }
  }
  return elements.join(', ')
}

/** The largest first. */
function tensorTypes(tensors: GgufTensor[]): ModelDetails['tensorTypes'] {
  const byType = new Map<string, ModelDetails['tensorTypes'][number]>()
  for (const { type, sizeBytes, elementCount } of tensors) {
    const sum = byType.get(type) ?? { type, count: 0, sizeBytes: 0, parameterCount: 0 }
    byType.set(type, {
      type,
      count: sum.count + 1,
      sizeBytes: sum.sizeBytes + sizeBytes,
      parameterCount: sum.parameterCount + elementCount,
    })
  }
  return [...byType.values()].sort((a, b) => b.sizeBytes - a.sizeBytes)
}
