export { openFind } from './find-store.ts'
export { ThreadView } from './thread-view.tsx'
export type { ThreadCommand, ThreadViewProps } from './thread-props.ts'
