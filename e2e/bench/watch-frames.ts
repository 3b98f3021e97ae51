import type { Page } from '@playwright/test'

/** From one frame to the next, and tasks of over 50 ms that kept the page from drawing; all in ms. */
export function watchFrames(page: Page, forMs: number): Promise<{ frames: number[]; longTasks: number[] }> {
  return page.evaluate(
    (forMs) =>
      new Promise((resolve) => {
        const frames: number[] = []
        const longTasks: number[] = []
        new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
          type: 'longtask',
        })
        let last = performance.now()
        const started = last
        const frame = (now: number) => {
          frames.push(now - last)
          last = now
          if (now - started < forMs) requestAnimationFrame(frame)
          else resolve({ frames, longTasks })
        }
        requestAnimationFrame(frame)
      }),
    forMs,
  )
}
