/**
 * Where the window was, remembered in a file. What is read is checked against the displays of
 * today: a window on a screen that was unplugged, or larger than what is left, could not be reached.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const rectangleSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export type Rectangle = z.infer<typeof rectangleSchema>

const windowStateSchema = z.object({ bounds: rectangleSchema, isMaximized: z.boolean() })
export type WindowState = z.infer<typeof windowStateSchema>

export const minimumSize = { width: 720, height: 560 }
const designSize = { width: 1280, height: 800 }

/** So much of the title must be on a display for a person to take hold of the window. */
const gripWidth = 100
const gripHeight = 32

/**
 * The saved bounds where they can be reached on one of `workAreas` (all displays, the main one
 * first), no larger than it; else the design size in the middle of the main one.
 */
export function placeWindow(saved: Rectangle | null, workAreas: readonly [Rectangle, ...Rectangle[]]): Rectangle {
  const area = saved && workAreas.find((candidate) => isReachable(saved, candidate))
  if (saved && area) return fitInto(area, saved)
  const main = workAreas[0]
  const { width, height } = fitInto(main, { ...main, ...designSize })
  return {
    x: main.x + Math.round((main.width - width) / 2),
    y: main.y + Math.round((main.height - height) / 2),
    width,
    height,
  }
}

function isReachable(window: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  return visibleWidth >= gripWidth && window.y >= area.y && window.y + gripHeight <= area.y + area.height
}

function fitInto(area: Rectangle, { x, y, width, height }: Rectangle): Rectangle {
  return {
    x,
    y,
    width: Math.min(Math.max(width, minimumSize.width), area.width),
    height: Math.min(Math.max(height, minimumSize.height), area.height),
  }
}

/** null when there is none, or none that can be read. */
export function readWindowState(path: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/** Not being able to remember a window is no reason to bother anyone. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state))
  } catch {
    return
  }
}
