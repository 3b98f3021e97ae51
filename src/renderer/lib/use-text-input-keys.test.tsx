import type { KeyboardEvent } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { useTextInputKeys } from './use-text-input-keys.ts'

function setUp() {
  const onSubmit = vi.fn()
  let keys!: ReturnType<typeof useTextInputKeys>
  function Field() {
    keys = useTextInputKeys({ onSubmit })
    return null
  }
  renderToStaticMarkup(<Field />)
  const press = (over: Partial<KeyboardEvent> & { isComposing?: boolean } = {}) => {
    const preventDefault = vi.fn()
    const nativeEvent = { isComposing: over.isComposing ?? false }
    keys.onKeyDown({ key: 'Enter', keyCode: 13, nativeEvent, preventDefault, ...over } as unknown as KeyboardEvent)
    return preventDefault
  }
  return { keys, onSubmit, press }
}

// Each of these sent half a sentence of Chinese in some app.
const signs = ['isComposing', 'keyCode 229', 'between the events']
test.each(signs)('Enter of an input method does not submit: %s', (sign) => {
  const { keys, onSubmit, press } = setUp()
  if (sign === 'between the events') keys.onCompositionStart()
  press(sign === 'isComposing' ? { isComposing: true } : sign === 'keyCode 229' ? { keyCode: 229 } : {})
  expect(onSubmit).not.toHaveBeenCalled()
})

test('the Enter that Safari sends after a composition does nothing, the next one submits', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { keys, onSubmit, press } = setUp()
  keys.onCompositionStart()
  keys.onCompositionEnd()
  vi.advanceTimersByTime(5)
  expect(press()).toHaveBeenCalled()
  expect(onSubmit).not.toHaveBeenCalled()
  vi.advanceTimersByTime(500)
  press()
  expect(onSubmit).toHaveBeenCalledOnce()
  vi.useRealTimers()
})

test('Enter with Shift, Ctrl, Cmd or Alt is not a submit', () => {
  const { onSubmit, press } = setUp()
  for (const key of ['shiftKey', 'ctrlKey', 'metaKey', 'altKey']) expect(press({ [key]: true })).not.toHaveBeenCalled()
  expect(onSubmit).not.toHaveBeenCalled()
})
