import { create } from 'zustand'

export interface Toast {
  id: number
  text: string
  /** A failure is shown with a sign, and until it is closed. */
  failure?: boolean
  action?: { label: string; run: () => void }
}

let lastId = 0

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }))

/** Shows a short message at the edge of the window. The same failure is not shown twice at a time. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((shown) => !toast.failure || shown.text !== toast.text), { ...toast, id: ++lastId }],
  }))
}

export function closeToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
