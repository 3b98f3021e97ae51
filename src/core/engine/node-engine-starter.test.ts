import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

function isAlive(pid: number): boolean {
  try {
    // Whoever inherits the dead process may take its time to bury it.
    if (process.platform === 'linux') return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('an engine does not outlive the host that was killed', async () => {
  const starter = JSON.stringify(join(import.meta.dirname, 'node-engine-starter.ts'))
  const entry = JSON.stringify(join(import.meta.dirname, '../../engine/index.ts'))
  const host = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { nodeEngineStarter } = await import(${starter})
     const engine = nodeEngineStarter(${entry}, console)()
     engine.onEvent(() => console.log(engine.pid))`,
  ])
  const [output] = (await once(host.stdout, 'data')) as [Buffer]
  const enginePid = Number(output.toString())
  expect(isAlive(enginePid)).toBe(true)
  host.kill('SIGKILL')
  await expect.poll(() => isAlive(enginePid), { timeout: 3000 }).toBe(false)
})
