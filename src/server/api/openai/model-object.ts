import type { FoundModel } from '../../../core/inference/inference.ts'

/** A model as `/v1/models` lists it: OpenAI's fields, and what LM Studio tells besides (`GET /api/v0/models`). */
export function modelObject({ name, model, derived }: FoundModel, isLoaded: boolean): object {
  const publisher = model.repository?.split('/')[0] ?? 'yangtuo'
  return {
    id: name,
    object: 'model',
    created: Math.floor((derived?.createdAt ?? model.addedAt) / 1000),
    owned_by: publisher,
    type: 'llm',
    publisher,
    arch: model.architecture,
    compatibility_type: 'gguf',
    quantization: model.quantization,
    state: isLoaded ? 'loaded' : 'not-loaded',
    max_context_length: model.trainContextSize,
  }
}
