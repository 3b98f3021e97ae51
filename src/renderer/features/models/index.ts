export { ModelNotices } from './model-notices.tsx'
export { ModelPicker } from './model-picker.tsx'
export { ModelState } from './model-state.tsx'
export { followModels, loadModel, modelFor, unloaded, useModels } from './models-store.ts'
