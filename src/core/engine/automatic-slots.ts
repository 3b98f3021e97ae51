/**
 * Slots to load a model with where its settings leave them to the app and memory allows: programs ask for several
 * answers at once, and who only chats would pay for contexts that stay empty.
 */
export function automaticSlots(isForPrograms: boolean): number {
  return isForPrograms ? 4 : 1
}
