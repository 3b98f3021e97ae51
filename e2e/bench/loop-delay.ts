/**
 * Loaded into the host by NODE_OPTIONS: how long its event loop was kept from turning. SIGUSR2 starts
 * a new measurement; at the end of the process the longest is in the file that the environment names.
 */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const path = process.env['YANGTUO_LOOP_DELAY']
if (path !== undefined && process.argv[1]?.endsWith('headless.js')) {
  const resolutionMs = 1
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  process.on('SIGUSR2', () => {
    delays.enable()
    delays.reset()
  })
  process.on('exit', () => {
    const ms = (nanoseconds: number) => nanoseconds / 1e6 - resolutionMs
    writeFileSync(path, JSON.stringify({ longestMs: ms(delays.max), p99Ms: ms(delays.percentile(99)) }))
  })
}
