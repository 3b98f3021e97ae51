const restMs = 400
const retryMs = 3000

/** One state of what is being edited; told apart by identity, so that equal values are not confused. */
export interface Edit<Value> {
  value: Value
}

/**
 * Saves the latest edit, a moment after the last change. What could not be saved is tried again
 * until it is, or until a newer edit takes its place; nothing is ever given up.
 */
export class EditSaver<Value> {
  readonly #save: (value: Value) => Promise<unknown>
  readonly #onSaved: (edit: Edit<Value>) => void
  #latest: Edit<Value> | null = null
  /** The latest, unless it is being saved or saved. */
  #waiting: Edit<Value> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `save` must reject when the value was not kept. */
  constructor(save: (value: Value) => Promise<unknown>, onSaved: (edit: Edit<Value>) => void) {
    this.#save = save
    this.#onSaved = onSaved
  }

  change(edit: Edit<Value>): void {
    this.#latest = edit
    this.#waiting = edit
    this.#schedule(restMs)
  }

  /** Saves now what waits. */
  flush(): void {
    clearTimeout(this.#timer)
    const edit = this.#waiting
    if (!edit) return
    this.#waiting = null
    this.#save(edit.value).then(
      () => this.#onSaved(edit),
      () => {
        if (edit !== this.#latest) return
        this.#waiting = edit
        this.#schedule(retryMs)
      },
    )
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), delayMs)
  }
}
