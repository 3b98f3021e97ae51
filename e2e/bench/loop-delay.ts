/**
 * Loaded into the host by NODE_OPTIONS: how long one piece of its work keeps the event loop, in time of
 * the processor, so that other programs do not count. SIGUSR2 starts a new measurement; at the end of
 * the process the longest is in the file that the environment names.
 */
import { writeFileSync } from 'node:fs'

const path = process.env['YANGTUO_LOOP_DELAY']
if (path !== undefined && process.argv[1]?.endsWith('headless.js')) {
  const busyMs = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let last = busyMs()
  let longestMs = 0
  setInterval(() => {
    const now = busyMs()
    longestMs = Math.max(longestMs, now - last)
    last = now
  }, 1).unref()
  process.on('SIGUSR2', () => {
    last = busyMs()
    longestMs = 0
  })
  process.on('exit', () => writeFileSync(path, JSON.stringify({ longestMs })))
}
