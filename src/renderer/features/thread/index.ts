export { ThreadView } from './thread-view.tsx'
export type { ThreadViewProps } from './thread-props.ts'
